"""The central directory of a ZIP archive, in place. APPNOTE 6.3 section 4.3; ZIP64 is section 4.5.3.

Everything is read from given octets at given places and may be a lie: BrokenZip or struct.error is raised
where something does not fit.
"""

import stat
import struct
from array import array
from dataclasses import dataclass
from mmap import mmap

Buffer = bytes | mmap

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_LOCATOR64 = b"PK\x06\x07"

_END_FIELDS = struct.Struct("<4H2LH")
_END64_FIELDS = struct.Struct("<Q2H2L4Q")
_LOCATOR64_FIELDS = struct.Struct("<LQL")
_CENTRAL_FIELDS = struct.Struct("<6H3L5H2L")
_LOCAL_FIELDS = struct.Struct("<5H3L2H")
_LENGTHS = struct.Struct("<3H")

_END_SIZE = 4 + _END_FIELDS.size
_CENTRAL_SIZE = 4 + _CENTRAL_FIELDS.size
_LOCAL_SIZE = 4 + _LOCAL_FIELDS.size
_LONGEST_COMMENT = 0xFFFF
_IN_ZIP64 = 0xFFFFFFFF
_ZIP64_EXTRA = 1
_UNIX, _FOLDER_IN_DOS = 3, 0x10


class BrokenZip(Exception):
    """The archive is not what it says."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the central directory lies: [start, end), with the number of entries that it claims."""

    start: int
    end: int
    count: int
    is_split: bool


@dataclass(slots=True)
class Header:
    """One entry as the central directory has it. packed, size: octets before and after unpacking."""

    made_on: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    disk: int
    attributes: int
    offset: int
    name: bytes

    @property
    def is_folder(self) -> bool:
        in_unix = self.made_on == _UNIX and stat.S_ISDIR(self.attributes >> 16)
        return in_unix or bool(self.attributes & _FOLDER_IN_DOS) or self.name.endswith(b"/")

    @property
    def is_plain_file(self) -> bool:
        """No link, pipe or device; archives from other systems than Unix have none of these."""
        kind = stat.S_IFMT(self.attributes >> 16)
        return self.made_on != _UNIX or kind in (0, stat.S_IFREG)


def find_directory(content: Buffer) -> Directory | None:
    """The central directory, by the end record that closes the file; None where the file is no archive."""
    if content[:4] not in (_LOCAL, _END):
        return None
    end = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if end < 0:
        raise BrokenZip
    disk, first_disk, here, count, size, start, comment = _END_FIELDS.unpack_from(content, end + 4)
    if end + _END_SIZE + comment != len(content):
        raise BrokenZip
    locator = end - 4 - _LOCATOR64_FIELDS.size
    if locator >= 0 and content[locator : locator + 4] == _LOCATOR64:
        return _find_directory64(content, locator)
    if start + size != end:
        raise BrokenZip
    # The count has 16 bits only; archives without ZIP64 go on counting from 0.
    return Directory(start, end, count, is_split=bool(disk or first_disk or here != count))


def _find_directory64(content: Buffer, locator: int) -> Directory:
    _, end, disks = _LOCATOR64_FIELDS.unpack_from(content, locator + 4)
    if end > locator or content[end : end + 4] != _END64:
        raise BrokenZip
    length, _, _, disk, first_disk, here, count, size, start = _END64_FIELDS.unpack_from(content, end + 4)
    if end + 12 + length != locator or start + size != end:
        raise BrokenZip
    return Directory(start, end, count, is_split=bool(disk or first_disk or disks > 1 or here != count))


def walk(content: Buffer, directory: Directory) -> "array[int]":
    """The place of every header that is really there, in order."""
    places = array("Q")
    place = directory.start
    while place < directory.end:
        if content[place : place + 4] != _CENTRAL:
            raise BrokenZip
        places.append(place)
        name, extra, comment = _LENGTHS.unpack_from(content, place + 28)
        place += _CENTRAL_SIZE + name + extra + comment
    if place != directory.end:
        raise BrokenZip
    return places


def read_header(content: Buffer, place: int) -> Header:
    """The entry whose central header begins there."""
    (made_by, _, flags, method, _, _, crc, packed, size, name, extra, _, disk, _, attributes, offset) = (
        _CENTRAL_FIELDS.unpack_from(content, place + 4)
    )
    name_end = place + _CENTRAL_SIZE + name
    if _IN_ZIP64 in (packed, size, offset):
        values = _Zip64Values(bytes(content[name_end : name_end + extra]))
        size = values.take() if size == _IN_ZIP64 else size
        packed = values.take() if packed == _IN_ZIP64 else packed
        offset = values.take() if offset == _IN_ZIP64 else offset
    text = content[place + _CENTRAL_SIZE : name_end]
    return Header(made_by >> 8, flags, method, crc, packed, size, disk, attributes, offset, text)


class _Zip64Values:
    """The 64-bit values of an extra field, in the order in which they are asked for."""

    def __init__(self, extra: bytes) -> None:
        self.rest = b""
        place = 0
        while place + 4 <= len(extra):
            kind, length = struct.unpack_from("<2H", extra, place)
            if kind == _ZIP64_EXTRA:
                self.rest = extra[place + 4 : place + 4 + length]
                return
            place += 4 + length

    def take(self) -> int:
        value: int = struct.unpack_from("<Q", self.rest)[0]
        self.rest = self.rest[8:]
        return value


def data_start(content: Buffer, header: Header) -> int:
    """Where an entry's octets begin, by its local header, which must be about the same entry."""
    place = header.offset
    if content[place : place + 4] != _LOCAL:
        raise BrokenZip
    _, flags, method, _, _, _, _, _, name, extra = _LOCAL_FIELDS.unpack_from(content, place + 4)
    text = content[place + _LOCAL_SIZE : place + _LOCAL_SIZE + name]
    if text != header.name or method != header.method or (flags ^ header.flags) & 1:
        raise BrokenZip
    start: int = place + _LOCAL_SIZE + name + extra
    return start

"""The ZIP of a batch: what is taken, and that whatever the octets are nothing but a fault comes back."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.batches import container, faults
from certification.batches.container import RefusedContainer, open_container
from certification.batches.framing import Entry, pack, unpack
from tests.samples.signing_requests import private_key
from tests.samples.zips import (
    many_entries,
    overlapping,
    patched_central,
    streamed_zip,
    with_attributes,
    zip_of,
)

TWO = {"a.csr": b"first request " * 30, "B-2 (new).CSR": b"second"}


def refused(content: bytes, largest: int = 50_000) -> list[str]:
    with pytest.raises(RefusedContainer) as refusal:
        open_container(content, largest=largest)
    assert all(fault.message.endswith(".") and fault.source for fault in refusal.value.faults)
    return [fault.code for fault in refusal.value.faults]


def read(content: bytes) -> list[Entry]:
    opened = open_container(content, largest=50_000)
    return list(opened.entries(0, len(opened)))


@pytest.mark.parametrize(
    "content",
    [zip_of(TWO), zip_of(TWO, compression=zipfile.ZIP_STORED), streamed_zip(TWO)],
    ids=["deflated", "stored", "streamed with ZIP64"],
)
def test_entries_are_read_as_they_were_packed(content: bytes) -> None:
    assert read(content) == [Entry(name, data) for name, data in TWO.items()]


def test_more_entries_than_an_archive_without_zip64_can_count() -> None:
    many = many_entries(66_000)
    assert len(open_container(many, largest=70_000)) == 66_000


@pytest.mark.clause("L8.2")
def test_one_more_than_fifty_thousand_refuses_the_whole_batch() -> None:
    many = many_entries(50_001)
    with pytest.raises(RefusedContainer, match=r"batch\.too_many") as refusal:
        open_container(many, largest=50_000)
    assert "50,001" in refusal.value.faults[0].message
    assert refusal.value.faults[0].source == "L8.2"


@pytest.mark.clause("L8.2")
def test_the_count_of_the_directory_is_not_trusted() -> None:
    many = zip_of({f"{number}.csr": b"" for number in range(12)})
    end = many.rindex(b"PK\x05\x06")
    lying = many[: end + 8] + struct.pack("<2H", 3, 3) + many[end + 12 :]
    assert refused(lying, largest=10) == [faults.TOO_MANY]
    assert refused(lying) == [faults.BROKEN]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("folder/a.csr", faults.FOLDER),
        ("../a.csr", faults.FOLDER),
        ("/etc/a.csr", faults.FOLDER),
        ("folder/", faults.FOLDER),
        ("c:\\a.csr", faults.FOLDER),
        ("a.txt", faults.NOT_CSR),
        (".csr", faults.NOT_CSR),
        ("__MACOSX", faults.NOT_CSR),
        ("-rf.csr", faults.CHARACTERS),
        ("=cmd|x.csr", faults.CHARACTERS),
        ("ä.csr", faults.CHARACTERS),
        ("a\nb.csr", faults.CHARACTERS),
        ("a" * 125 + ".csr", faults.TOO_LONG),
    ],
)
def test_names_that_are_not_taken(name: str, code: str) -> None:
    assert refused(zip_of({"right.csr": b"x", name: b"x"})) == [code]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["a.csr", "A.csr", "a.CSR"])
def test_a_name_is_used_once(second: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("a.csr", b"1")
        archive.writestr(second, b"2")
    assert refused((tmp_path / "z.zip").read_bytes()) == [faults.DUPLICATE]


def test_every_wrong_name_is_told_but_not_a_thousand() -> None:
    assert len(refused(zip_of({f"{number}.txt": b"" for number in range(1000)}))) == 20


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_links_and_devices_are_not_taken(mode: int) -> None:
    assert refused(with_attributes("link.csr", mode)) == [faults.NOT_A_FILE]


@pytest.mark.parametrize(
    ("offset", "value", "code"),
    [
        (8, b"\x01\x00", faults.ENCRYPTED),
        (8, b"\x41\x00", faults.ENCRYPTED),
        (10, b"\x0e\x00", faults.COMPRESSION),
        (8, b"\x20\x00", faults.COMPRESSION),
        (34, b"\x01\x00", faults.SPLIT),
        (42, b"\xff\xff\x00\x00", faults.BROKEN),
        (20, b"\xff\xff\xff\xff", faults.BROKEN),
        (20, b"\x00\x00\x00\x70", faults.OVERLAP),
    ],
    ids=[
        "encrypted",
        "strongly encrypted",
        "LZMA",
        "a patch",
        "other disk",
        "points nowhere",
        "ZIP64 without",
        "too long",
    ],
)
def test_headers_that_are_not_taken(offset: int, value: bytes, code: str) -> None:
    assert refused(patched_central(zip_of(TWO), offset, value)) == [code]


def test_archive_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(overlapping()) == [faults.OVERLAP]
    zeros = zip_of({f"{number}.csr": bytes(1_000_000) for number in range(30)})
    assert refused(zeros) == [faults.RATIO]
    monkeypatch.setattr(container, "MAX_UNPACKED", 50)
    assert refused(zip_of({"a.csr": os.urandom(30), "b.csr": os.urandom(30)})) == [faults.RATIO]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", faults.NOT_A_ZIP),
        (b"no archive", faults.NOT_A_ZIP),
        (zip_of({}), faults.EMPTY),
        (zip_of(TWO)[:-30], faults.BROKEN),
        (zip_of(TWO) + b"more", faults.BROKEN),
        (b"#!/bin/sh\n" + zip_of(TWO), faults.NOT_A_ZIP),
    ],
    ids=["nothing", "text", "empty", "cut off", "something after", "something before"],
)
def test_what_is_no_archive(content: bytes, code: str) -> None:
    assert refused(content) == [code]


def test_one_damaged_or_too_large_entry_does_not_sink_the_others() -> None:
    content = bytearray(zip_of({"a.csr": b"a" * 50, "b.csr": b"b" * 50}, compression=zipfile.ZIP_STORED))
    content[content.index(b"a" * 50)] ^= 1
    assert read(bytes(content)) == [Entry("a.csr", b"", faults.DAMAGED), Entry("b.csr", b"b" * 50)]
    large = zip_of({"a.csr": os.urandom(16 * 1024 + 1), "b.csr": b"b"})
    assert [entry.fault for entry in read(large)] == [faults.TOO_LARGE, ""]


def test_an_entry_never_unpacks_to_more_than_it_says() -> None:
    content = zip_of({"a.csr": bytes(16_000), "b.csr": b"b"})
    lying = patched_central(content, 24, struct.pack("<L", 10))
    assert [entry.fault for entry in read(lying)] == [faults.DAMAGED, ""]


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("wrapping", ["PEM", "DER", "Base64"])
def test_a_private_key_is_not_handed_on(wrapping: str) -> None:
    key = private_key(wrapping)
    first, _ = read(zip_of({"a.csr": key, "b.csr": b"b"}))
    assert first == Entry("a.csr", b"", faults.PRIVATE_KEY)
    # Packed along with its request under a name of its own, it is told as what it is.
    assert refused(zip_of({"a.csr": b"a", "a.key": key, "b.txt": b"b"})) == [
        faults.PRIVATE_KEY,
        faults.NOT_CSR,
    ]


def test_the_number_of_entries_is_known_of_a_refused_archive() -> None:
    for content, largest, count in (
        (many_entries(12), 10, 12),
        (zip_of({"a.csr": b"", "b.txt": b"", "c/": b""}), 10, 3),
        (b"no archive", 10, 0),
    ):
        with pytest.raises(RefusedContainer) as refusal:
            open_container(content, largest=largest)
        assert refusal.value.count == count


RIGHT = zip_of(TWO)


def survives(content: bytes) -> None:
    try:
        opened = open_container(content, largest=50)
    except RefusedContainer:
        return
    for entry in opened.entries(0, len(opened)):
        assert not (entry.csr and entry.fault)


@given(st.binary(max_size=300))
def test_any_octets(content: bytes) -> None:
    survives(content)
    survives(b"PK\x03\x04" + content + RIGHT[-22:])


@settings(max_examples=250)
@given(st.data())
def test_any_changed_archive(data: st.DataObject) -> None:
    changed = bytearray(RIGHT)
    # Most of an archive this small is headers, and those are what can lie.
    for position in data.draw(st.sets(st.integers(0, len(RIGHT) - 1), min_size=1, max_size=5)):
        changed[position] = data.draw(st.integers(0, 255))
    survives(bytes(changed))


@given(st.data())
def test_any_cut_archive(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(RIGHT)))
    end = data.draw(st.integers(start, len(RIGHT)))
    survives(RIGHT[:start] + data.draw(st.binary(max_size=60)) + RIGHT[end:])


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_a_chunk_is_read_as_it_was_packed(contents: list[bytes]) -> None:
    entries = [Entry(f"{number}.csr", content) for number, content in enumerate(contents)]
    entries.append(Entry("broken.csr", b"", faults.DAMAGED))
    assert list(unpack(pack(entries))) == entries

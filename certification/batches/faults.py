"""What can be wrong with a batch, each with its stable code, in plain words that say what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from certification.authorities.csr import PRIVATE_KEY, check_csr
from certification.authorities.environments import Environment
from certification.authorities.faults import Fault
from certification.authorities.profiles import CertificateKind

__all__ = ["PRIVATE_KEY", "FaultWords", "all_words", "fault", "item_fault", "words"]

NOT_A_ZIP = "batch.zip.not_a_zip"
BROKEN = "batch.zip.broken"
SPLIT = "batch.zip.split"
OVERLAP = "batch.zip.overlap"
RATIO = "batch.zip.ratio"
EMPTY = "batch.zip.empty"
ENCRYPTED = "batch.zip.encrypted"
COMPRESSION = "batch.zip.compression"
TOO_FEW = "batch.too_few"
TOO_MANY = "batch.too_many"
FOLDER = "batch.name.folder"
NOT_CSR = "batch.name.not_csr"
CHARACTERS = "batch.name.characters"
TOO_LONG = "batch.name.too_long"
DUPLICATE = "batch.name.duplicate"
NOT_A_FILE = "batch.entry.not_a_file"
TOO_LARGE = "batch.entry.too_large"
DAMAGED = "batch.entry.damaged"
ORGANISATION = "batch.entry.organisation"

_ZIP = "ZIP archive"
_NAME = "File name"
_FORM = "SMKI Interface Design Specification"
_SAFE = "House rule: safe reading of archives"
_APPNOTE = "PKWARE APPNOTE 6.3"


@dataclass(frozen=True, slots=True)
class FaultWords:
    """One kind of fault. whole: the whole batch is rejected for it; else the one request."""

    field: str
    message: str
    source: str
    whole: bool = True


_WORDS = {
    NOT_A_ZIP: FaultWords(_ZIP, "The file is no ZIP archive. Put your .csr files into one.", _FORM),
    BROKEN: FaultWords(_ZIP, "The archive is broken or cut off. Make it anew and send it again.", _APPNOTE),
    SPLIT: FaultWords(_ZIP, "The archive is spread over several files. Make one file of it.", _SAFE),
    OVERLAP: FaultWords(
        _ZIP, "Entries of the archive lie on one another, as in an archive bomb. Make it anew.", _SAFE
    ),
    RATIO: FaultWords(_ZIP, "The archive would unpack to far more than its size. Make it anew.", _SAFE),
    EMPTY: FaultWords(_ZIP, "The archive holds no file. Put your .csr files into its root.", "L8.2"),
    ENCRYPTED: FaultWords(_ZIP, "The archive is protected by a password. Make it without one.", _SAFE),
    COMPRESSION: FaultWords(
        _ZIP, "A file is compressed in an uncommon way. Use the usual one (deflate), or none.", _SAFE
    ),
    TOO_FEW: FaultWords(
        _ZIP, "A batch holds at least 2 requests. Hand in a single request on its own.", "L8.2"
    ),
    TOO_MANY: FaultWords(
        _ZIP, "The archive holds more requests than a batch may. Divide it and send the parts.", "L8.2"
    ),
    FOLDER: FaultWords(
        _NAME, "The file lies in a folder. Put every .csr file into the root of the archive.", _FORM
    ),
    NOT_CSR: FaultWords(
        _NAME, "The name does not end in .csr. Leave out everything but your requests.", _FORM
    ),
    CHARACTERS: FaultWords(
        _NAME,
        "The name has a character that cannot be taken. Use letters, digits, spaces and . _ - + # @ ( ), "
        "and start with a letter or digit.",
        _SAFE,
    ),
    TOO_LONG: FaultWords(_NAME, "The name is longer than 128 characters. Shorten it.", _SAFE),
    DUPLICATE: FaultWords(
        _NAME, "Another file has this name, or one that differs only in capitals. Rename one of them.", _FORM
    ),
    NOT_A_FILE: FaultWords(
        _NAME, "This is a link or a device, not a file. Put the request itself into the archive.", _SAFE
    ),
    TOO_LARGE: FaultWords(
        "Request", "The file is larger than 16 KB. A request has some 300 bytes.", "house rule", whole=False
    ),
    DAMAGED: FaultWords(
        "Request", "The file is damaged inside the archive. Send this request again.", _APPNOTE, whole=False
    ),
    ORGANISATION: FaultWords(
        "Request",
        "This asks for an Organisation Certificate. A batch is for Device Certificates: hand it in on its own.",
        "L8.2",
        whole=False,
    ),
    PRIVATE_KEY: FaultWords(
        "Request",
        "The file holds a private key. It has not been kept. Treat that key as compromised and make a new one.",
        "L3.5",
        whole=False,
    ),
}


def all_words() -> dict[str, FaultWords]:
    """Every fault of a batch by its code, for the annex."""
    return dict(_WORDS)


def words(code: str) -> str:
    """What a fault says to people. Raises KeyError for a code that is no batch's."""
    return _WORDS[code].message


def fault(code: str, *, name: str = "", message: str = "") -> Fault:
    """A fault as pages and machines show it. name: the entry that it is about; message: in place of the words."""
    said = _WORDS[code]
    shown = f"{said.field} {name}" if name else said.field
    return Fault(code, shown, message or said.message, said.source)


def item_fault(csr: bytes, faults: Sequence[Fault], environment: Environment) -> tuple[str, str, bytes]:
    """Code, words and EUI-64 for one request of a batch, from what check_csr found under the device profile.

    A sound request for an Organisation Certificate is told so rather than all that it lacks. L8.2
    """
    organisation = check_csr(csr, CertificateKind.ORGANISATION, environment).csr
    if organisation is not None:
        return ORGANISATION, words(ORGANISATION), organisation.eui64
    return faults[0].code, " ".join(str(each) for each in faults), b""

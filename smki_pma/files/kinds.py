"""The kinds of file that are taken, and how each is named for a reader."""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """How a kind is called and served."""

    title: str
    media_type: str


KINDS: dict[FileKind, KindFacts] = {
    FileKind.PDF: KindFacts("PDF", "application/pdf"),
    FileKind.DOCX: KindFacts(
        "Word document (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    FileKind.ODT: KindFacts("OpenDocument text (ODT)", "application/vnd.oasis.opendocument.text"),
}


def media_type(kind: str) -> str:
    """The media type to serve a kind with; an unknown kind is only ever bytes."""
    try:
        return KINDS[FileKind(kind)].media_type
    except ValueError:
        return "application/octet-stream"

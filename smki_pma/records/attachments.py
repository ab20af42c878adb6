"""Files that go inside a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF. relationship: as PDF/A-3 names it (ISO 19005-3, 6.8)."""

    name: str
    description: str
    content: bytes
    relationship: str = "Supplement"

"""DOCX and ODT: what makes one acceptable, and its text paragraph by paragraph."""

from contextlib import suppress

from smki_pma.files.archives import Archive, refuse_locked
from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile, refuse_broken
from smki_pma.files.xml_parts import Name, PartReader, elements_found, read_part

_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD_MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_DOCX_TITLE = "Word document"
_ODT_TITLE = "OpenDocument text"


class TextLimit(Exception):
    """The text is longer than the limit; what was read so far is kept by the reader."""


def kind_of_archive(archive: Archive) -> FileKind | None:
    """DOCX, ODT or None, by the parts inside and never by the file's name."""
    if "[Content_Types].xml" in archive.names and any(name.startswith("word/") for name in archive.names):
        return FileKind.DOCX
    if "mimetype" in archive.names and archive.part("mimetype").strip() == _ODT_TYPE:
        return FileKind.ODT
    return None


def check_docx(archive: Archive) -> None:
    """A DOCX has readable content types and a main part and carries no macros."""
    types = archive.part("[Content_Types].xml")
    has_macros = _has_content_type(types, _WORD_MACRO) or _has_macro_part(archive)
    if has_macros:
        raise RefusedFile("The Word document contains macros. Save it as a document without macros (.docx).")
    if not _has_content_type(types, _WORD_MAIN):
        raise refuse_broken(_DOCX_TITLE)
    read_part(archive.part("word/document.xml"), PartReader(_DOCX_TITLE))


def check_odt(archive: Archive) -> None:
    """An ODT has a readable manifest and content, no password and no macros."""
    manifest = archive.part("META-INF/manifest.xml")
    if elements_found(manifest, _ODT_TITLE, lambda name, _: name == "encryption-data"):
        raise refuse_locked(_ODT_TITLE)
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.names):
        raise RefusedFile(
            "The OpenDocument text contains macros. Save it without macros and upload it again."
        )
    read_part(archive.part("content.xml"), PartReader(_ODT_TITLE))


def archive_text(archive: Archive, kind: FileKind, *, max_characters: int) -> str:
    """The text of a DOCX or ODT, one paragraph a line, cut at `max_characters`."""
    if kind is FileKind.DOCX:
        reader: _ParagraphReader = _DocxText(_DOCX_TITLE, max_characters)
        part = "word/document.xml"
    else:
        reader = _OdtText(_ODT_TITLE, max_characters)
        part = "content.xml"
    with suppress(TextLimit):
        read_part(archive.part(part), reader)
    return reader.result()


def _has_content_type(types: bytes, content_type: str) -> bool:
    return elements_found(
        types, _DOCX_TITLE, lambda _, attributes: attributes.get((None, "ContentType")) == content_type
    )


def _has_macro_part(archive: Archive) -> bool:
    return any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in archive.names)


class _ParagraphReader(PartReader):
    """Collects characters into paragraphs, up to a limit."""

    def __init__(self, title: str, max_characters: int) -> None:
        super().__init__(title)
        self.left = max_characters
        self.parts: list[str] = []

    def add(self, characters: str) -> None:
        if len(characters) > self.left:
            self.parts.append(characters[: self.left])
            raise TextLimit
        self.left -= len(characters)
        self.parts.append(characters)

    def result(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.parts).splitlines())
        return "\n".join(line for line in lines if line)


class _DocxText(_ParagraphReader):
    """Text runs of `w:t`; deleted revisions (`w:delText`) are no text of the document."""

    _BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}

    def __init__(self, title: str, max_characters: int) -> None:
        super().__init__(title, max_characters)
        self._in_text = False

    def start(self, namespace: str | None, name: str, attributes: dict[Name, str]) -> None:
        if name == "t":
            self._in_text = True
        elif name in self._BREAKS:
            self.add(self._BREAKS[name])

    def end(self, namespace: str | None, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "p":
            self.add("\n")

    def text(self, characters: str) -> None:
        if self._in_text:
            self.add(characters)


class _OdtText(_ParagraphReader):
    """Text inside `text:p` and `text:h`; tracked deletions are no text of the document."""

    def __init__(self, title: str, max_characters: int) -> None:
        super().__init__(title, max_characters)
        self._paragraphs = 0
        self._deleted = 0

    def start(self, namespace: str | None, name: str, attributes: dict[Name, str]) -> None:
        if name in ("p", "h"):
            self._paragraphs += 1
        elif name == "tracked-changes":
            self._deleted += 1
        elif name in ("tab", "s"):
            self.text(" ")
        elif name == "line-break":
            self.text("\n")

    def end(self, namespace: str | None, name: str) -> None:
        if name in ("p", "h"):
            self._paragraphs -= 1
            self.add("\n")
        elif name == "tracked-changes":
            self._deleted -= 1

    def text(self, characters: str) -> None:
        if self._paragraphs and not self._deleted:
            self.add(characters)

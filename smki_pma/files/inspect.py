"""Decides by content, never by name, whether a file is taken, and says why not."""

import magic

from smki_pma.files.archives import open_archive, refuse_locked
from smki_pma.files.documents import archive_text, check_docx, check_odt, kind_of_archive
from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile

MAX_CHARACTERS = 5_000_000

_PDF_START = b"%PDF-"
_ZIP_START = b"PK\x03\x04"
_COMPOUND_FILE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def check_size(size: int, *, max_megabytes: int) -> None:
    """A file has content and is no larger than the limit in force (house rule)."""
    if size == 0:
        raise RefusedFile("The file is empty. Check that it opens on your computer and choose it again.")
    if size > max_megabytes * 1024 * 1024:
        raise RefusedFile(f"The file is larger than {max_megabytes} MB. Reduce it, for example its images.")


def inspect_file(data: bytes, *, max_megabytes: int = 50) -> FileKind:
    """What the file is; raises RefusedFile with the reason where it cannot be taken."""
    check_size(len(data), max_megabytes=max_megabytes)
    if data.startswith(_PDF_START):
        from smki_pma.files.pdfs import check_pdf  # memory that most processes never need

        check_pdf(data)
        return FileKind.PDF
    if data.startswith(_ZIP_START):
        return _inspect_archive(data)
    if data.startswith(_COMPOUND_FILE_START):
        raise _refuse_compound_file(data)
    raise _refuse_type(data)


def extract_text(data: bytes, kind: FileKind, *, max_characters: int = MAX_CHARACTERS) -> str:
    """The text of an acceptable file, one paragraph or printed line a line; raises RefusedFile if broken."""
    if kind is FileKind.PDF:
        from smki_pma.files.pdfs import pdf_text

        return pdf_text(data, max_characters=max_characters)
    return archive_text(open_archive(data, kind.upper()), kind, max_characters=max_characters)


def _inspect_archive(data: bytes) -> FileKind:
    archive = open_archive(data, "document")
    kind = kind_of_archive(archive)
    if kind is FileKind.DOCX:
        check_docx(archive)
    elif kind is FileKind.ODT:
        check_odt(archive)
    else:
        raise _refuse_type(data)
    return kind


def _refuse_compound_file(data: bytes) -> RefusedFile:
    """Word wraps a document with a password in the container that its oldest format used."""
    if _ENCRYPTED_PACKAGE in data:
        return refuse_locked("Word document")
    return RefusedFile("The file is in an old Microsoft Office format. Save it as DOCX, ODT or PDF.")


def _refuse_type(data: bytes) -> RefusedFile:
    found = magic.from_buffer(data[:8192], mime=True)
    return RefusedFile(
        f"The file must be a PDF, a Word document (DOCX) or an OpenDocument text (ODT). "
        f"By its content it is {found}; renaming it does not change that."
    )

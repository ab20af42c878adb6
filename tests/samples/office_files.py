"""Real small files made on the spot: PDF, DOCX and ODT with given paragraphs, and their broken relatives."""

import io
import zipfile
from xml.sax.saxutils import escape

from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from weasyprint import HTML

_ODT_TYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def pdf(*paragraphs: str, title: str = "Document") -> bytes:
    """A PDF of these paragraphs."""
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    made = HTML(string=f"<html lang=en><title>{escape(title)}</title><body>{body}</body></html>").write_pdf()
    assert made is not None
    return made


def encrypted_pdf(password: str = "secret") -> bytes:
    """A PDF that needs a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Locked."))))
    writer.encrypt(password)
    return _written(writer)


def scripted_pdf() -> bytes:
    """A PDF that runs JavaScript when opened."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Script."))))
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.alert(1)"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    return _written(writer)


def docx(*paragraphs: str, title: str = "Document") -> bytes:
    """A Word document of these paragraphs."""
    document = Document()
    document.core_properties.title = title
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with_macros() -> bytes:
    """A Word document with a macro part, renamed to look harmless."""
    return rezip(docx("Macro."), add={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def odt(*paragraphs: str, encrypted: bool = False) -> bytes:
    """An OpenDocument text of these paragraphs."""
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}"><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    lock = "<m:encryption-data/>" if encrypted else ""
    entry = f'<m:file-entry m:full-path="content.xml">{lock}</m:file-entry>'
    manifest = f'<m:manifest xmlns:m="{_MANIFEST}">{entry}</m:manifest>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        parts = {"mimetype": _ODT_TYPE, "META-INF/manifest.xml": manifest, "content.xml": content}
        for name, part in parts.items():
            # A fixed time, so that the same paragraphs give the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), part)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A DOCX whose main part unpacks to many times its size."""
    return rezip(docx("Bomb."), add={"word/media/zeros.bin": b"\0" * (200 * 1024 * 1024)})


def rezip(data: bytes, *, add: dict[str, bytes] | None = None, drop: frozenset[str] = frozenset()) -> bytes:
    """The same archive with parts added, replaced or dropped."""
    add = add or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop and name not in add:
                new.writestr(name, old.read(name))
        for name, content in add.items():
            new.writestr(name, content)
    return out.getvalue()


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()

"""PDF: what makes one acceptable, and its text.

The parser is foreign, so anything that it raises means "broken".
"""

import io
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from smki_pma.files.archives import refuse_locked
from smki_pma.files.refusals import RefusedFile, refuse_broken

_TITLE = "PDF"
_MAX_PAGES = 5_000


def check_pdf(data: bytes) -> None:
    """A PDF can be opened without a password, has at least one page and runs no script."""
    reader = _open(data)
    try:
        pages = len(reader.pages)
        has_script = _has_script(reader)
    except Exception:
        raise refuse_broken(_TITLE) from None
    if not 0 < pages <= _MAX_PAGES:
        raise refuse_broken(_TITLE)
    if has_script:
        raise RefusedFile("The PDF contains a script. Print it to a plain PDF and upload that one.")


def pdf_text(data: bytes, *, max_characters: int) -> str:
    """The text of a PDF, one line of print a line, cut at `max_characters`; a scan gives none."""
    reader = _open(data)
    parts: list[str] = []
    left = max_characters
    try:
        for page in reader.pages:
            text = page.extract_text()[:left]
            parts.append(text)
            left -= len(text)
            if left <= 0:
                break
    except Exception:
        raise refuse_broken(_TITLE) from None
    lines = (" ".join(line.split()) for line in "\n".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _open(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        is_encrypted = reader.is_encrypted
    except Exception:
        raise refuse_broken(_TITLE) from None
    if is_encrypted:
        raise refuse_locked(_TITLE)
    return reader


def _has_script(reader: PdfReader) -> bool:
    """JavaScript or a launch action that runs when the document is opened."""
    catalogue = _resolve(reader.trailer["/Root"])
    names = _resolve(catalogue.get("/Names", DictionaryObject()))
    if "/JavaScript" in names or "/AA" in catalogue:
        return True
    action = _resolve(catalogue.get("/OpenAction"))
    return isinstance(action, DictionaryObject) and action.get("/S") in ("/JavaScript", "/Launch")


def _resolve(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value

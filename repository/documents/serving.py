"""Sending stored files: under a safe name, never to be guessed at by a browser, never when damaged."""

import io
from typing import IO

from django.http import FileResponse
from django.utils.text import slugify

from smki_pma.files.kinds import media_type


def safe_name(words: str, ending: str) -> str:
    """A file name of plain letters, digits and hyphens."""
    return f"{slugify(words)[:100] or 'document'}.{ending}"


def send_file(stream: IO[bytes], *, file_kind: str, name: str) -> FileResponse:
    """A stored file as a download."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=media_type(file_kind))
    return _closed_to_guessing(response)


def send_bytes(content: bytes, *, content_type: str, name: str) -> FileResponse:
    """Made bytes as a download."""
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=content_type)
    return _closed_to_guessing(response)


def _closed_to_guessing(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

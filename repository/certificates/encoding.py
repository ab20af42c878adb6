"""The encodings in which a Certificate is handed over, and the files made of them."""

import base64
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand over."""

    body: bytes
    content_type: str

    def as_attachment(self, name: str) -> HttpResponse:
        """A response that a browser stores under a name and never shows or keeps."""
        response = HttpResponse(self.body, content_type=self.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def encode_pem(der: bytes) -> Download:
    """PEM with lines of 64 characters (RFC 7468 section 5)."""
    lines = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
    text = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    return Download(text.encode("ascii"), "application/x-pem-file")


def encode_der(der: bytes) -> Download:
    """The DER bytes as they were signed."""
    return Download(der, "application/pkix-cert")


CERTIFICATE_FORMS: Mapping[str, Callable[[bytes], Download]] = {"pem": encode_pem, "der": encode_der}

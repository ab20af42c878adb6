"""What the TLS front says about a connection, believed only on the front's own socket.

The front (nginx) ends TLS, asks for a client certificate and sets both headers on every request that it passes
on, so that what a client sends under these names is lost. Whoever reaches the web another way says nothing.
"""

import socket
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest

VERIFIED = "HTTP_X_SSL_CLIENT_VERIFY"
CERTIFICATE = "HTTP_X_SSL_CLIENT_CERT"


def comes_from_front(request: HttpRequest) -> bool:
    """Whether the request came in on the Unix socket that only the TLS front may open. L4.5"""
    path = settings.SMKI_FRONT_SOCKET
    connection = request.META.get("gunicorn.socket")
    if not path or connection is None or connection.family != socket.AF_UNIX:
        return False
    return bool(connection.getsockname() == path)


def client_certificate(request: HttpRequest) -> bytes | None:
    """The DER of the client certificate whose chain the front has verified; None without one. L4.5"""
    if not comes_from_front(request) or request.META.get(VERIFIED) != "SUCCESS":
        return None
    try:
        pem = unquote_to_bytes(request.META.get(CERTIFICATE, ""))
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    except ValueError:
        return None

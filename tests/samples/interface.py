"""Credentials for the SMKI Service Interface, and connections as the TLS front hands them on."""

import base64
import json
import socket
from typing import Any
from urllib.parse import quote
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from certification.service_interface import certificates
from certification.service_interface.credentials import ask_for_credential, issue_credential
from certification.service_interface.models import Credential
from smki_pma.ledger.actors import Actor

FRONT = "/run/the-front-of-the-tests.sock"
REQUESTS = "/api/v1/requests"


class Machine:
    """A subscriber's program behind the TLS front. client: of Django's tests; extras: from `front_extras`."""

    def __init__(self, client: Any, extras: dict[str, Any]) -> None:
        self.client, self.extras = client, extras

    def send(self, csr: bytes, policy: str = "device", address: str = REQUESTS, **headers: str) -> Any:
        message = {"policy": policy, "csr": base64.b64encode(csr).decode()}
        return self.post(address, message, **headers)

    def post(self, address: str, message: Any, content_type: str = "application/json", **headers: str) -> Any:
        body = message if isinstance(message, bytes) else json.dumps(message)
        return self.client.post(address, body, content_type=content_type, headers=headers, **self.extras)

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(address, headers=headers, **self.extras)


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem details of an answer, which must be these."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["code"], body["status"]) == (code, status)
    assert body["clause"]
    assert body["detail"]
    return body


class FrontSocket:
    """Looks like the accepted connection on a listening Unix socket."""

    family = socket.AF_UNIX

    def __init__(self, path: str = FRONT) -> None:
        self.path = path

    def getsockname(self) -> str:
        return self.path


def client_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def client_csr(key: Any = None, *, hash_: Any = None) -> bytes:
    """A request as `openssl req -new -subj /CN=interface` makes it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "interface")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(key or client_key(), hash_ or hashes.SHA256()).public_bytes(Encoding.PEM)


def issued_credential(
    them: Any,
    *,
    environment: str = "live",
    party_id: UUID | None = None,
    by: Actor | None = None,
    key: Any = None,
) -> Credential:
    """A credential of the subscriber's officer, walked to active through the services. them: Certification."""
    credential = ask_for_credential(
        party_id=party_id or them.subscriber.pk,
        environment=environment,
        name="Head-end",
        csr=client_csr(key),
        by=by or them.by(),
    )
    return issue_credential(credential_id=credential.pk, by=Actor.clock())


def front_extras(settings: Any, credential: Credential | None, *, path: str = FRONT) -> dict[str, Any]:
    """What django.test.Client is given so that a request comes over the front, with or without a credential."""
    settings.SMKI_FRONT_SOCKET = FRONT
    extras: dict[str, Any] = {"gunicorn.socket": FrontSocket(path), "HTTP_X_SSL_CLIENT_VERIFY": "NONE"}
    if credential is not None:
        extras |= headers_of(bytes(credential.certificate or b""))
    return extras


def headers_of(certificate: bytes) -> dict[str, str]:
    """The headers that the front sets for a verified client certificate."""
    return {
        "HTTP_X_SSL_CLIENT_VERIFY": "SUCCESS",
        "HTTP_X_SSL_CLIENT_CERT": quote(certificates.pem(certificate)),
    }

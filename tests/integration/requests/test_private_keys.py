"""A private key sent by mistake is refused with a warning and kept nowhere."""

import pytest
from cryptography.hazmat.primitives import serialization

from certification.requests.models import CertificateRequest
from certification.requests.states import REFUSED
from tests.samples.certification import Certification
from tests.samples.signing_requests import new_key


@pytest.mark.clause("L3.5")
def test_the_key_is_not_kept(them: Certification) -> None:
    key = new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    request = them.submit(key)
    assert request.state == REFUSED
    assert request.faults[0]["code"] == "csr.private_key"
    assert bytes(CertificateRequest.objects.get(pk=request.pk).csr) == b""

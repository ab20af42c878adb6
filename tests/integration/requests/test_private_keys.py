"""A private key sent by mistake is refused with a warning and kept nowhere."""

import pytest
from cryptography.hazmat.primitives import serialization
from django.urls import reverse

from certification.requests.models import CertificateRequest
from certification.requests.states import REFUSED
from tests.samples.certification import Certification
from tests.samples.signing_requests import new_key, private_key


@pytest.mark.clause("L3.5")
def test_the_key_is_not_kept(them: Certification) -> None:
    key = new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    request = them.submit(key)
    assert request.state == REFUSED
    assert request.faults[0]["code"] == "csr.private_key"
    assert bytes(CertificateRequest.objects.get(pk=request.pk).csr) == b""


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("wrapping", ["PEM", "Base64"])
def test_the_key_is_not_shown_again(client, them: Certification, wrapping: str) -> None:
    client.force_login(them.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("requests:submit_request", args=["device"])
    form = client.get(url).context["form"]
    key = private_key(wrapping).decode()
    sent = {
        "subscriber": form.fields["subscriber"].initial,
        "submission_key": form["submission_key"].value(),
        "text": "  " + key,
    }
    shown = client.post(url, sent)
    assert shown.status_code == 422
    assert "This contains a private key" in shown.content.decode()
    assert key.splitlines()[1] not in shown.content.decode()

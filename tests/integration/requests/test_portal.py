"""The portal's pages, with right and wrong input, and without JavaScript."""

import base64
import hashlib
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.authorities import der
from certification.authorities.profiles import ALTERNATIVE_NAME, KEY_USAGE
from certification.requests import views
from certification.requests.models import CertificateRequest
from certification.requests.states import BEING_ISSUED, ISSUED, REFUSED
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma.ledger.models import Entry
from smki_pma.parties.roles import Role
from tests.samples.certification import Certification
from tests.samples.community import party, person_in
from tests.samples.signing_requests import (
    DIGITAL_SIGNATURE,
    alternative_name,
    device,
    new_key,
    organisation,
    other_name,
)

pytestmark = pytest.mark.django_db
NEW = "/certification/requests/new/device/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    """No worker runs beside these tests, so the page need not wait for one."""
    monkeypatch.setattr(views, "WAIT_SECONDS", 0)


@pytest.fixture
def officer(client, them: Certification):
    client.force_login(them.officer, backend=BACKEND)
    return client


def pem(csr: bytes) -> str:
    text = base64.encodebytes(csr).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{text}-----END CERTIFICATE REQUEST-----\n"


def form(client, address=NEW, **fields):
    """The fields of the form as a browser would send them."""
    shown = client.get(address).context["form"]
    subscriber = shown.fields["subscriber"].initial
    key = str(shown["submission_key"].value())
    return {"submission_key": key, "subscriber": subscriber, "text": ""} | fields


@pytest.mark.clause("L3.4")
def test_paste_wait_fetch(officer, run_jobs):
    answer = officer.post(NEW, form(officer, text=pem(device().make())))
    assert answer.status_code == 302
    page = officer.get(answer["Location"])
    assert b"The Certificate is being issued" in page.content
    assert b"Look again" in page.content
    assert page.context["it"].state == BEING_ISSUED

    run_jobs()
    page = officer.get(answer["Location"])
    issued = page.context["it"]

    assert issued.state == ISSUED
    assert issued.certificate.serial_shown in page.content.decode()
    assert issued.certificate.sha256 in page.content.decode()
    fetched = officer.get(reverse("requests:download_certificate", args=[issued.uid, "der"]))
    assert hashlib.sha256(fetched.content).hexdigest() == issued.certificate.sha256
    fetched = officer.get(reverse("requests:download_certificate", args=[issued.uid, "pem"]))
    assert fetched.content.startswith(b"-----BEGIN CERTIFICATE-----")


def test_a_new_state_goes_into_the_live_region_of_the_page_and_is_sent_once(officer, run_jobs):
    answer = officer.post(NEW, form(officer, text=pem(device().make())))
    page = officer.get(answer["Location"])
    progress = reverse("requests:request_progress", args=[page.context["it"].uid])
    seen = {"seen": page.context["seen"]}
    region = '<div id="state" aria-live="polite">'
    assert page.content.decode().count(region) == 1
    assert officer.get(progress, seen).status_code == 204

    run_jobs()
    new = officer.get(progress, seen)

    assert '<div id="state" hx-swap-oob="innerHTML">' in new.content.decode()
    assert "aria-live" not in new.content.decode() and "every 2s" not in new.content.decode()


@pytest.mark.parametrize("wrap", [lambda csr: csr, lambda csr: pem(csr).encode(), base64.b64encode])
def test_upload_der_pem_or_base64(officer, wrap):
    upload = SimpleUploadedFile("my.csr", wrap(device().make()))

    answer = officer.post(NEW, form(officer, file=upload))

    assert answer.status_code == 302
    assert CertificateRequest.objects.get().state == BEING_ISSUED


def wrong_requests():
    """What people paste that is no request for a Device Certificate, with the code of the fault shown."""
    right = device()
    p384 = ec.generate_private_key(ec.SECP384R1())
    rsa_key = rsa.generate_private_key(65537, 2048)

    def spki(key):
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return key.public_key().public_bytes(serialization.Encoding.DER, form)

    usage = (KEY_USAGE, DIGITAL_SIGNATURE)
    two_names = alternative_name(other_name(), other_name())
    short = alternative_name(other_name(bytes(7)))
    flipped = bytearray(right.make())
    flipped[-1] ^= 1
    return {
        "truncated": right.make()[:-10],
        "not base64": b"hello",
        "rsa": right.but(key_info=spki(rsa_key)).make(),
        "p-384": right.but(key_info=spki(p384)).make(),
        "bad signature": bytes(flipped),
        "another's signature": right.but(
            signature=new_key().sign(b"x", ec.ECDSA(hashes.SHA256())), key=new_key()
        ).make(),
        "two names": right.but(extensions=(usage, (ALTERNATIVE_NAME, two_names))).make(),
        "short eui": right.but(extensions=(usage, (ALTERNATIVE_NAME, short))).make(),
        "no usage": right.but(extensions=((ALTERNATIVE_NAME, alternative_name(other_name())),)).make(),
        "an organisation's": organisation().make(),
        "a sequence": der.sequence(),
        "trailing": right.make() + b"\x00",
    }


@pytest.mark.clause("L3.4", "L8.8")
@pytest.mark.parametrize("name", sorted(wrong_requests()))
def test_a_wrong_request_is_explained_and_kept(officer, name):
    csr = wrong_requests()[name]
    sent = form(officer, file=SimpleUploadedFile("my.csr", csr))

    answer = officer.post(NEW, sent)

    kept = CertificateRequest.objects.get()
    assert answer.status_code == 422
    assert kept.state == REFUSED
    assert kept.faults
    page = answer.content.decode()
    assert "There is a problem" in page
    for fault in kept.faults:
        assert fault["code"] in page
        assert fault["field"]
        assert fault["source"]
    assert answer.context["form"]["submission_key"].value() != sent["submission_key"]
    assert officer.get(reverse("requests:request_detail", args=[kept.uid])).status_code == 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Paste a Certificate Signing Request"),
        ({"text": "   \n"}, "Paste a Certificate Signing Request"),
        ({"file": SimpleUploadedFile("a.csr", b"")}, "empty"),
        ({"file": SimpleUploadedFile("a.csr", b"x" * 16_385)}, "smaller than 16 KB"),
        ({"text": "x" * 16_385}, "shorter than 16 KB"),
        ({"subscriber": str(uuid4()), "text": "x"}, "Select a valid choice"),
        ({"submission_key": "", "text": "x"}, "required"),
        ({"submission_key": "nonsense", "text": "x"}, "valid UUID"),
    ],
)
def test_a_form_that_is_not_filled_in_stores_nothing(officer, fields, message):
    before = Entry.objects.count()

    answer = officer.post(NEW, form(officer, **fields))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not CertificateRequest.objects.exists()
    assert Entry.objects.count() == before


def test_a_paste_and_a_file_at_once_are_refused(officer):
    both = {"text": pem(device().make()), "file": SimpleUploadedFile("a.csr", device().make())}

    answer = officer.post(NEW, form(officer, **both))

    assert "not both" in answer.content.decode()
    assert not CertificateRequest.objects.exists()


@pytest.mark.clause("L3.5")
def test_the_button_pressed_twice_makes_one_request(officer, run_jobs):
    fields = form(officer, text=pem(device().make()))

    first, second = officer.post(NEW, fields), officer.post(NEW, fields)
    run_jobs()

    assert first["Location"] == second["Location"]
    assert Certificate.objects.filter(kind="device").count() == 1


def test_a_corrected_form_is_a_new_request(officer):
    wrong = officer.post(NEW, form(officer, text="nonsense"))
    key = wrong.context["form"]["submission_key"].value()

    right = officer.post(NEW, form(officer, submission_key=key, text=pem(device().make())))

    assert right.status_code == 302
    assert CertificateRequest.objects.count() == 2


@pytest.mark.clause("L3.4")
def test_a_form_sent_before_loses_no_other_request(officer):
    sent = form(officer, text=pem(device().make()))
    officer.post(NEW, sent)
    other = sent | {"text": pem(device(b"\1" * 8).make())}

    refused = officer.post(NEW, other)
    assert refused.status_code == 422
    assert "sent before with another request" in refused.content.decode()
    assert CertificateRequest.objects.count() == 1

    key = refused.context["form"]["submission_key"].value()
    assert officer.post(NEW, other | {"submission_key": key}).status_code == 302
    assert CertificateRequest.objects.count() == 2


@pytest.mark.clause("L3.4")
def test_another_party_does_not_see_that_a_request_exists(officer, them, client):
    officer.post(NEW, form(officer, text=pem(device().make())))
    uid = CertificateRequest.objects.get().uid
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    client.force_login(stranger, backend=BACKEND)
    client.raise_request_exception = False

    for name, more in (("request_detail", []), ("request_progress", []), ("download_certificate", ["pem"])):
        assert client.get(reverse(f"requests:{name}", args=[uid, *more])).status_code == 404
    assert not client.get("/certification/requests/").context["page"].rows


@pytest.mark.clause("L3.4")
def test_an_organisation_request_goes_to_the_queue_and_comes_back_issued(officer, them, client, run_jobs):
    address = "/certification/requests/new/organisation/"
    answer = officer.post(address, form(officer, address, text=pem(organisation().make())))
    assert b"Registration Authority officer is going to check" in officer.get(answer["Location"]).content

    client.force_login(them.registrar, backend=BACKEND)
    request = CertificateRequest.objects.get()
    assert request.reference.encode() in client.get("/certification/requests/queue/").content
    check = reverse("requests:request_check", args=[request.uid])
    page = client.get(check).content.decode()
    assert page.count("Passes") == 5
    assert client.post(reverse("requests:accept_request", args=[request.uid])).status_code == 302
    run_jobs()

    client.force_login(them.officer, backend=BACKEND)
    assert b"Your Certificate" in client.get(answer["Location"]).content
    assert not client.get("/certification/requests/").context["may_check"]


@pytest.mark.clause("L3.4")
def test_the_registrar_sees_why_a_check_fails_and_refuses(officer, them, client):
    address = "/certification/requests/new/organisation/"
    outside = organisation(eui64=bytes.fromhex("0011223344556677")).make()
    answer = officer.post(address, form(officer, address, text=pem(outside)))
    request = CertificateRequest.objects.get()

    client.force_login(them.registrar, backend=BACKEND)
    client.raise_request_exception = False
    page = client.get(reverse("requests:request_check", args=[request.uid])).content.decode()
    assert "in no range that is assigned to Bright Energy" in page
    assert "Issue the Certificate" not in page
    assert client.post(reverse("requests:accept_request", args=[request.uid])).status_code == 409
    assert client.post(reverse("requests:refuse_request", args=[request.uid]), {}).status_code == 302
    assert client.post(reverse("requests:refuse_request", args=[request.uid]), {}).status_code in (409, 422)

    client.force_login(them.officer, backend=BACKEND)
    assert "in no range that is assigned" in client.get(answer["Location"]).content.decode()


def test_a_refusal_without_a_ground_is_explained_on_the_form(officer, them, client):
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    client.force_login(them.registrar, backend=BACKEND)

    answer = client.post(reverse("requests:refuse_request", args=[request.uid]), {})

    assert answer.status_code == 422
    assert "Every check passes" in answer.content.decode()


def test_the_list_asks_the_database_no_more_for_more_requests(officer, them):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            officer.get("/certification/requests/")
        return len(captured)

    queries()
    them.submit(device().make())
    few = queries()
    for _ in range(8):
        them.submit(device().make())

    assert queries() == few


def test_the_roles_of_the_menu():
    from smki_pma.ui.navigation import registered_items

    items = {item.url_name: item for item in registered_items()}

    assert Role.PARTY_OFFICER in items["requests:list_requests"].roles
    assert Role.SECRETARIAT not in items["certificates:list_certificates"].roles

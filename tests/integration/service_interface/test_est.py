"""EST (RFC 7030) for single requests: what clients send and get, and what they are told."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.core.cache import caches
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from certification.authorities import der
from certification.authorities.profiles import CertificateKind
from certification.requests.models import CertificateRequest
from certification.requests.services import refuse_request
from certification.requests.states import ISSUED
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma import jobs
from tests.samples.batches import hand_in_files
from tests.samples.certification import complete_tests
from tests.samples.community import party, person_in
from tests.samples.interface import front_extras, issued_credential
from tests.samples.operators import revoke_active
from tests.samples.signing_requests import EUI64, KEY_AGREEMENT, device, organisation

pytestmark = pytest.mark.django_db
DEVICE = "/.well-known/est/device"


@pytest.fixture
def est(them, client, settings):
    """Call an operation: GET without, POST with a request."""
    caches["limits"].clear()
    extras = front_extras(settings, issued_credential(them))

    def call(path, csr=None, content_type="application/pkcs10", raw=False):
        if csr is None:
            return client.get(path, **extras)
        body = csr if raw else base64.b64encode(csr)
        return client.post(path, body, content_type=content_type, **extras)

    return call


def certificates(response):
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("application/pkcs7-mime")
    assert response["Content-Transfer-Encoding"] == "base64"
    assert b"\r" not in response.content  # base64 -d of a shell takes none
    return pkcs7.load_der_pkcs7_certificates(base64.b64decode(response.content))


@pytest.mark.clause("L4.4")
def test_cacerts_gives_the_authorities_above_a_certificate(est):
    found = certificates(est(f"{DEVICE}/cacerts"))
    roots = [each for each in found if each.issuer == each.subject]
    assert (len(found), len(roots)) == (2, 1)
    issuing = next(each for each in found if each not in roots)
    issuing.verify_directly_issued_by(roots[0])
    of_organisations = certificates(est("/.well-known/est/organisation/cacerts"))
    assert not {each.serial_number for each in found} & {each.serial_number for each in of_organisations}


@pytest.mark.clause("L3.5")
def test_cacerts_leaves_out_a_revoked_authority(est):
    revoked = revoke_active(CertificateKind.ISSUING_DCA)
    found = certificates(est(f"{DEVICE}/cacerts"))
    assert [each.issuer == each.subject for each in found] == [True]
    assert f"{found[0].serial_number:032X}" != revoked.serial


def test_csrattrs_says_what_a_request_must_contain(est):
    answer = est(f"{DEVICE}/csrattrs")
    assert answer["Content-Type"] == "application/csrattrs"
    content = base64.b64decode(answer.content)
    der.check_strict(content)
    for oid in ("1.2.840.10045.4.3.2", "1.2.840.10045.3.1.7", "1.2.840.113549.1.9.14", "1.3.6.1.5.5.7.8.4"):
        assert der.oid(oid) in content


@pytest.mark.clause("L4.4", "L8.1")
def test_enrolment_is_sent_again_until_the_certificate_comes(est, run_jobs):
    csr = device().make()
    first = est(f"{DEVICE}/simpleenroll", csr)
    assert (first.status_code, first["Retry-After"]) == (202, "2")
    pem = x509.load_der_x509_csr(csr).public_bytes(Encoding.PEM)
    assert est(f"{DEVICE}/simpleenroll", pem, raw=True).status_code == 202

    run_jobs()

    (issued,) = certificates(est(f"{DEVICE}/simpleenroll", csr))
    row = CertificateRequest.objects.get()
    assert issued.public_bytes(Encoding.DER) == bytes(row.certificate.der)
    assert (row.state, row.source) == (ISSUED, "interface")


@pytest.mark.clause("L4.4", "L3.5")
def test_reenrolment_is_a_new_key_for_the_same_name_and_use(est, run_jobs, monkeypatch):
    monkeypatch.setattr(jobs, "await_end", lambda job_id, seconds: run_jobs())
    first = device().make()
    assert est(f"{DEVICE}/simplereenroll", first).status_code == 422
    assert not CertificateRequest.objects.exists()
    certificates(est(f"{DEVICE}/simpleenroll", first))

    certificates(est(f"{DEVICE}/simplereenroll", device().make()))
    other_use = est(f"{DEVICE}/simplereenroll", device(usage=KEY_AGREEMENT).make())
    assert b"request.no_predecessor" in other_use.content
    # The predecessor stays as it is.
    kept = Certificate.objects.filter(kind=CertificateKind.DEVICE.value, eui64=EUI64.hex().upper())
    assert [each.status for each in kept] == ["I", "I"]


@pytest.mark.clause("L4.4", "L3.5")
def test_another_partys_certificate_is_no_predecessor(est, them, run_jobs):
    other = party("Other Energy")
    complete_tests(other)
    officer = person_in("party-officer", "Olive Other", for_party=other)
    them.authorise(other, officer, Policy.DEVICE)
    of_other = {"party_id": other.pk, "by": them.by(officer)}
    unknown = est(f"{DEVICE}/simplereenroll", device().make())
    them.submit(device().make(), **of_other)
    hand_in_files(them, {"a.csr": device().make(), "b.csr": device().make()}, **of_other)
    run_jobs()
    assert Certificate.objects.filter(kind=CertificateKind.DEVICE.value).count() == 3

    of_others = est(f"{DEVICE}/simplereenroll", device().make())

    assert (of_others.status_code, of_others.content) == (unknown.status_code, unknown.content)
    assert b"request.no_predecessor" in of_others.content


@pytest.mark.clause("L4.4", "L3.5")
def test_a_certificate_of_a_batch_is_a_predecessor(est, them, run_jobs):
    hand_in_files(them, {"a.csr": device().make(), "b.csr": device().make()})
    run_jobs()
    assert est(f"{DEVICE}/simplereenroll", device().make()).status_code == 202


def test_an_organisation_request_waits_for_its_check(est):
    answer = est("/.well-known/est/organisation/simpleenroll", organisation().make())
    assert (answer.status_code, answer["Retry-After"]) == (202, "300")


def told(explanation):
    return {"provision": "Organisation Certificate Policy 3.2", "explanation": explanation}


@pytest.mark.clause("L3.4", "L4.4")
def test_a_refusal_is_told_for_an_hour_and_then_the_same_request_is_a_new_one(est, them, clock):
    csr, path = organisation().make(), "/.well-known/est/organisation/simpleenroll"
    assert est(path, csr).status_code == 202
    first = CertificateRequest.objects.get()
    refuse_request(request_uid=first.uid, by=them.by_registrar, **told("Not this range."))
    clock.advance(timedelta(minutes=50))
    for _ in range(2):
        answer = est(path, csr)
        assert answer.status_code == 422 and b"Not this range." in answer.content
    assert CertificateRequest.objects.count() == 1

    clock.advance(timedelta(minutes=11))
    for _ in range(2):
        assert est(path, csr).status_code == 202
    [_, second] = CertificateRequest.objects.order_by("id")
    clock.advance(timedelta(hours=2))
    refuse_request(request_uid=second.uid, by=them.by_registrar, **told("Still not."))
    assert b"Still not." in est(path, csr).content
    assert CertificateRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "body", "content_type", "status", "says"),
    [
        (f"{DEVICE}/simpleenroll", device().but(version=b"\x02\x01\x01").make(), "", 422, b"csr.version"),
        (f"{DEVICE}/simpleenroll", b"x", "text/plain", 415, b"application/pkcs10"),
        (f"{DEVICE}/simpleenroll", b"x" * 70_000, "", 413, b"message.too_large"),
        (f"{DEVICE}/cacerts", b"x", "", 405, b"asked by GET"),
        (f"{DEVICE}/serverkeygen", b"x", "", 404, b"simpleenroll"),
        ("/.well-known/est/gadget/cacerts", None, "", 404, b"organisation"),
        ("/.well-known/est/test-device/cacerts", None, "", 403, b"credential.wrong_environment"),
    ],
)
def test_errors_are_plain_text_that_says_what_to_do(est, path, body, content_type, status, says):
    answer = est(path, body, content_type or "application/pkcs10")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert says in answer.content
    assert not Certificate.objects.filter(kind="device").exists()


@pytest.mark.clause("L3.5")
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.just(device().make()).map(lambda csr: csr[:-1]))
def test_any_bytes_are_answered_and_never_issued(est, body):
    for answer in (
        est(f"{DEVICE}/simpleenroll", body, raw=True),
        est("/api/v1/requests", body, content_type="application/json", raw=True),
        est("/api/v1/batches", body, content_type="application/zip", raw=True),
        est("/api/v1/batches", body, content_type="multipart/form-data; boundary=x", raw=True),
    ):
        assert 400 <= answer.status_code < 500 or answer.status_code == 202
    assert not CertificateRequest.objects.filter(job_id__isnull=False).exists()

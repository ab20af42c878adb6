"""Whatever bytes come, faults come back: nothing is raised, and what is accepted is what was signed."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.authorities.csr import check_csr
from certification.authorities.profiles import CertificateKind
from tests.fuzz import targets
from tests.samples import signing_requests as sample

kinds = st.sampled_from([CertificateKind.DEVICE, CertificateKind.ORGANISATION])
REQUESTS = [sample.device().make(), sample.organisation(common_name="Brightwater").make()]


def check(data: bytes, kind: CertificateKind) -> None:
    outcome = check_csr(data, kind, sample.SAMPLE)
    assert (outcome.csr is None) == bool(outcome.faults)


@given(st.binary(max_size=400), kinds)
def test_any_bytes(data: bytes, kind: CertificateKind) -> None:
    check(data, kind)


@given(st.binary(max_size=300), kinds)
def test_any_der_start(data: bytes, kind: CertificateKind) -> None:
    check(b"\x30" + data, kind)


@settings(max_examples=500)
@given(st.sampled_from(REQUESTS), st.data(), kinds)
@pytest.mark.clause("L3.5")
def test_changed_request_is_never_accepted(
    request: bytes, data: st.DataObject, kind: CertificateKind
) -> None:
    changed = bytearray(request)
    for position in data.draw(st.sets(st.integers(0, len(request) - 1), min_size=1, max_size=4)):
        changed[position] = data.draw(st.integers(0, 255))
    outcome = check_csr(bytes(changed), kind, sample.SAMPLE)
    assert (outcome.csr is None) == bool(outcome.faults)
    if outcome.csr is not None:  # only the unsigned outside may differ, and ECDSA allows no second encoding
        assert changed == request


@given(st.sampled_from(REQUESTS), st.data(), kinds)
def test_cut_and_spliced(request: bytes, data: st.DataObject, kind: CertificateKind) -> None:
    start = data.draw(st.integers(0, len(request)))
    end = data.draw(st.integers(start, len(request)))
    spliced = request[:start] + data.draw(st.binary(max_size=40)) + request[end:]
    check(spliced, kind)
    check(base64.b64encode(spliced), kind)


@settings(max_examples=300)
@given(st.sampled_from(targets.TARGETS["signed_requests"].seeds), st.data())
@pytest.mark.clause("L3.5")
def test_what_is_accepted_under_a_true_signature_others_read_alike(info: bytes, data: st.DataObject) -> None:
    """Changed and signed again, so that nothing but the rules of the profile stands in the way."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(info)))
        end = data.draw(st.integers(start, min(len(info), start + 8)))
        info = info[:start] + data.draw(st.binary(max_size=8)) + info[end:]
    targets.signed_requests(info)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x30", b"\x30\x82"]))
def test_any_bytes_can_be_linted(data: bytes, start: bytes) -> None:
    targets.documents(start + data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(targets.TARGETS["documents"].seeds), st.data())
def test_a_changed_certificate_can_be_linted(certificate: bytes, data: st.DataObject) -> None:
    changed = bytearray(certificate)
    for position in data.draw(st.sets(st.integers(0, len(certificate) - 1), min_size=1, max_size=3)):
        changed[position] = data.draw(st.integers(0, 255))
    targets.documents(bytes(changed))

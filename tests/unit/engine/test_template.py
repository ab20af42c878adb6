"""The template gives what the builder gives, or it is refused; what is not of the template is not signed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.authorities import builder, encoding
from certification.authorities.builder import SignatureMismatch, build_tbs
from certification.authorities.environments import TEST
from certification.authorities.profiles import CertificateKind, KeyUsage
from certification.engine import signing, template
from certification.engine.template import Misshapen, TemplateRefused, cut, make_template
from tests.samples.authority_keys import Hierarchy
from tests.samples.signing_requests import SAMPLE, new_key, point_of

pytestmark = pytest.mark.clause("L3.5")
HIERARCHY = Hierarchy()
ALIKE = HIERARCHY.contents(CertificateKind.DEVICE)
TEMPLATE = make_template(ALIKE)
POINT = point_of(new_key())
ISSUER = HIERARCHY.keys[CertificateKind.ISSUING_DCA]

serials = st.binary(min_size=15, max_size=15).map(lambda rest: b"\x53" + rest)
identifiers = st.binary(min_size=8, max_size=8)
usages = st.sampled_from([KeyUsage.DS, KeyUsage.KA])
points = st.binary(min_size=64, max_size=64).map(lambda rest: b"\x04" + rest)


@given(serials, points, usages, identifiers)
def test_spliced_as_built(serial: bytes, point: bytes, usage: KeyUsage, eui64: bytes) -> None:
    contents = replace(ALIKE, serial=serial, point=point, usage=usage, eui64=eui64)
    spliced = TEMPLATE.splice(serial, point, usage, eui64)
    assert spliced == build_tbs(contents)
    read = TEMPLATE.read(spliced)
    assert (read.serial, read.point, read.usage, read.eui64) == (serial, point, usage, eui64)
    assert template.contents_of(read, ALIKE) == contents


@pytest.mark.parametrize("environment", [TEST, SAMPLE])
def test_any_environment_and_time_and_often(environment: object) -> None:
    for year in range(2026, 2049):
        for _ in range(20):
            contents = replace(ALIKE, environment=environment, not_before=datetime(year, 1, 1, tzinfo=UTC))
            assert make_template(contents).splice(b"\x53" * 16, POINT, KeyUsage.KA, b"\0" * 8)


@settings(max_examples=300)
@given(st.integers(0, TEMPLATE.length - 1), st.integers(1, 255))
def test_no_other_octet_passes(place: int, change: int) -> None:
    spliced = bytearray(TEMPLATE.splice(builder.new_serial(ALIKE.not_before), POINT, KeyUsage.DS, bytes(8)))
    spliced[place] ^= change
    free = [TEMPLATE.places["serial"], TEMPLATE.places["eui64"]]
    try:
        TEMPLATE.read(bytes(spliced))
    except Misshapen:
        return
    assert any(field.start <= place < field.stop for field in free)


def test_another_length_does_not_pass() -> None:
    spliced = TEMPLATE.splice(b"\x53" * 16, POINT, KeyUsage.DS, bytes(8))
    for wrong in (spliced[:-1], spliced + b"\0", b""):
        with pytest.raises(Misshapen):
            TEMPLATE.read(wrong)


FIELDS = {
    "serial": b"\x53" + b"s" * 15,
    "point": b"\x04" + b"p" * 64,
    "usage": b"uu",
    "key_id": b"k" * 8,
    "eui64": b"e" * 8,
}


def test_cut_at_fields_that_stand_alone() -> None:
    made = cut(b"(" + b"-".join(FIELDS.values()) + b")", FIELDS)
    assert made.parts == (b"(", b"-", b"-", b"-", b"-", b")")


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_twice_or_never_is_refused(name: str) -> None:
    whole = b"-".join(FIELDS.values())
    for tbs in (
        whole + FIELDS[name],
        whole.replace(FIELDS[name], b""),
        whole.replace(FIELDS[name], FIELDS[name] * 2),
    ):
        with pytest.raises(TemplateRefused):
            cut(tbs, FIELDS)


def test_fields_out_of_order_or_of_another_length_are_refused() -> None:
    for tbs, fields in (
        (b"-".join(reversed(FIELDS.values())), FIELDS),
        (b"-".join(FIELDS.values()), FIELDS | {"eui64": b"e" * 7}),
    ):
        with pytest.raises(TemplateRefused):
            cut(tbs, fields)


def test_an_issuer_that_makes_a_field_ambiguous_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device's EUI-64 stands in the issuer's key identifier too: it would be cut there."""
    monkeypatch.setattr(template.secrets, "token_bytes", lambda count: b"\x11" * count)
    with pytest.raises(TemplateRefused):
        make_template(replace(ALIKE, issuer_key_id=b"\x11" * 8))


def test_a_builder_that_has_changed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "build_tbs", lambda contents: build_tbs(contents)[:-1] + b"\0")
    with pytest.raises(TemplateRefused):
        template.check_equal(TEMPLATE, ALIKE)


def test_organisations_are_not_issued_in_batches() -> None:
    with pytest.raises(TemplateRefused):
        make_template(HIERARCHY.contents(CertificateKind.ORGANISATION))


def tbs_of(count: int) -> list[bytes]:
    return [TEMPLATE.splice(bytes((0x53, n, *bytes(14))), POINT, KeyUsage.DS, bytes(8)) for n in range(count)]


def sign(tbs: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return ISSUER.sign(tbs, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def test_signed_as_the_single_path_signs() -> None:
    issued = signing.sign_all(tbs_of(40), template=TEMPLATE, sign=sign, issuer_point=point_of(ISSUER))
    for one, tbs in zip(issued, tbs_of(40), strict=True):
        assert one.der == builder.assemble(tbs, sign(tbs), issuer_point=point_of(ISSUER))
        assert encoding.to_be_signed(one.der) == tbs


def test_a_signature_by_another_key_never_leaves() -> None:
    with pytest.raises(SignatureMismatch):
        signing.sign_all(tbs_of(1), template=TEMPLATE, sign=sign, issuer_point=POINT)


def test_nothing_is_signed_where_one_is_misshapen() -> None:
    signed: list[bytes] = []

    def note(tbs: bytes) -> bytes:
        signed.append(tbs)
        return sign(tbs)

    with pytest.raises(Misshapen):
        signing.sign_all(
            [*tbs_of(3), tbs_of(1)[0][:-1] + b"!"],
            template=TEMPLATE,
            sign=note,
            issuer_point=point_of(ISSUER),
        )
    assert signed == []


@given(st.binary(max_size=1000), st.binary(min_size=1, max_size=200))
def test_assembled_as_encoded(tbs: bytes, signature: bytes) -> None:
    assert signing.assemble(tbs, signature) == encoding.signed(tbs, signature)

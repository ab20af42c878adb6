"""Revocation lists have the same bytes as `cryptography`'s, and a wrong one does not pass."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from certification.authorities.builder import new_serial
from certification.authorities.crl import ListContents, RevokedEntry, build_list_tbs, check_list_tbs
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import CertificateKind
from tests.samples.authority_keys import AT, Hierarchy
from tests.samples.signing_requests import new_key

ISSUER = Hierarchy().issuer(CertificateKind.ORGANISATION)
assert ISSUER is not None
REVOKED = tuple(RevokedEntry(new_serial(AT), AT, reason) for reason in (1, None, 4))


def contents(*revoked: RevokedEntry, number: int = 7) -> ListContents:
    assert ISSUER is not None
    return ListContents(
        issuer=ISSUER, number=number, this_update=AT, next_update=AT + timedelta(hours=12), revoked=revoked
    )


def peer(given: ListContents) -> bytes:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "07"),
            x509.NameAttribute(NameOID.COMMON_NAME, "OI1"),
        ]
    )
    reasons = {1: x509.ReasonFlags.key_compromise, 4: x509.ReasonFlags.superseded}
    builder = x509.CertificateRevocationListBuilder(name, given.this_update, given.next_update)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier(given.issuer.key_id, None, None), False)
    builder = builder.add_extension(x509.CRLNumber(given.number), False)
    for entry in given.revoked:
        row = x509.RevokedCertificateBuilder(int.from_bytes(entry.serial), entry.revoked_at)
        if entry.reason:
            row = row.add_extension(x509.CRLReason(reasons[entry.reason]), False)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(new_key(), hashes.SHA256()).tbs_certlist_bytes


@pytest.mark.parametrize("given", [contents(), contents(*REVOKED), contents(number=2**70)])
def test_same_bytes_as_the_peer(given: ListContents) -> None:
    tbs = build_list_tbs(given)
    assert tbs == peer(given)
    check_list_tbs(tbs, given)


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("other", "lint"),
    [
        (contents(*REVOKED[:2]), "entries"),
        (contents(*REVOKED, number=8), "number"),
    ],
)
def test_a_list_that_says_something_else_is_not_signed(other: ListContents, lint: str) -> None:
    with pytest.raises(LintFailed, match=lint):
        check_list_tbs(build_list_tbs(other), contents(*REVOKED))


def test_wrong_issuer_and_times_are_found() -> None:
    given = contents()
    other = ListContents(
        issuer=Issuer(given.issuer.name, b"12345678"),
        number=7,
        this_update=AT + timedelta(hours=1),
        next_update=AT,
    )
    with pytest.raises(LintFailed) as failed:
        check_list_tbs(build_list_tbs(other), given)
    assert {finding.lint for finding in failed.value.findings} == {
        "authority_key_identifier",
        "this_update",
        "next_update",
    }
    with pytest.raises(LintFailed, match="period"):
        check_list_tbs(build_list_tbs(other), other)


def test_other_bytes_are_no_list() -> None:
    with pytest.raises(LintFailed, match="structure"):
        check_list_tbs(b"0\x00", contents())

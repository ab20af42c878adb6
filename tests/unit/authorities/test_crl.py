"""Revocation lists have the same bytes as `cryptography`'s, and a wrong one does not pass."""

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from certification.authorities.builder import new_serial
from certification.authorities.crl import (
    ListContents,
    Revoked,
    RevokedEntry,
    build_list_tbs,
    check_entry,
    check_list_tbs,
    check_succession,
)
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import CertificateKind
from tests.samples.authority_keys import AT, Hierarchy
from tests.samples.signing_requests import new_key

ISSUER = Hierarchy().issuer(CertificateKind.ORGANISATION)
assert ISSUER is not None
REVOKED = tuple(RevokedEntry(new_serial(AT), AT, reason) for reason in (1, None, 4))


def contents(*revoked: RevokedEntry, number: int = 7, at: datetime = AT) -> ListContents:
    assert ISSUER is not None
    return ListContents(
        issuer=ISSUER,
        number=number,
        this_update=at,
        next_update=at + timedelta(hours=12),
        revoked=Revoked.of(revoked),
    )


def peer(given: ListContents, revoked: tuple[RevokedEntry, ...]) -> bytes:
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
    for entry in revoked:
        row = x509.RevokedCertificateBuilder(int.from_bytes(entry.serial), entry.revoked_at)
        if entry.reason:
            row = row.add_extension(x509.CRLReason(reasons[entry.reason]), False)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(new_key(), hashes.SHA256()).tbs_certlist_bytes


@pytest.mark.parametrize(("number", "revoked"), [(7, ()), (7, REVOKED), (2**70, ())])
def test_same_bytes_as_the_peer(number: int, revoked: tuple[RevokedEntry, ...]) -> None:
    given = contents(*revoked, number=number)
    tbs = build_list_tbs(given)
    assert tbs == peer(given, revoked)
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


@pytest.mark.parametrize("entry", REVOKED)
def test_an_entry_says_what_was_decided(entry: RevokedEntry) -> None:
    check_entry(entry.encoded(), entry)
    other = RevokedEntry(entry.serial, entry.revoked_at + timedelta(seconds=1), entry.reason)
    with pytest.raises(LintFailed, match="entry"):
        check_entry(other.encoded(), entry)


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("after", "lint"),
    [
        (contents(*REVOKED, number=8), None),
        (contents(*REVOKED, number=7), "number"),
        (contents(*REVOKED, number=8, at=AT - timedelta(seconds=1)), "this_update"),
        (contents(REVOKED[0], REVOKED[2], number=8), "lost"),
        (contents(REVOKED[1], REVOKED[0], number=8), "lost"),
        (contents(number=8), "lost"),
    ],
)
def test_a_list_that_loses_an_entry_does_not_follow(after: ListContents, lint: str | None) -> None:
    before = build_list_tbs(contents(*REVOKED[:2]))
    with pytest.raises(LintFailed, match=lint) if lint else nullcontext():
        check_succession(build_list_tbs(after), before)

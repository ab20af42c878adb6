"""Each rule of a CRL or ARL has a lint that finds it broken; a long list costs no more than a short one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from certification.authorities import der, encoding
from certification.authorities.builder import new_serial
from certification.authorities.crl import ListContents, Revoked, RevokedEntry, build_list_tbs
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import CertificateKind
from certification.linting import linters, twin
from certification.linting.revocation_lists import MOST_ENTRIES, ExpectedList, shorten_list
from tests.samples.authority_keys import AT, Hierarchy
from tests.samples.signing_requests import point_of

HIERARCHY = Hierarchy()
ISSUER = HIERARCHY.issuer(CertificateKind.ORGANISATION)
assert ISSUER is not None
EXPECTED = ExpectedList(ISSUER)


def entries(count: int) -> Iterator[RevokedEntry]:
    return (RevokedEntry(new_serial(AT), AT, reason) for reason in [None, 1, 3, 4, 5, 9] * (count // 6 + 1))


def made(*revoked: RevokedEntry, **changes: object) -> bytes:
    given: dict[str, object] = {
        "issuer": ISSUER,
        "number": 7,
        "this_update": AT,
        "next_update": AT + timedelta(hours=12),
        "revoked": Revoked.of(revoked),
    }
    return build_list_tbs(ListContents(**(given | changes)))  # type: ignore[arg-type]


def lint(tbs: bytes, expected: ExpectedList = EXPECTED) -> list[str]:
    found = linters.lint_list(twin.twin_of(tbs), expected)
    assert all(each.source for each in found)
    return [each.lint.removeprefix("smki.list_") for each in found]


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("count", [0, 1, 6, 15 * MOST_ENTRIES])
def test_a_right_list_is_clean(count: int) -> None:
    tbs = made(*list(entries(count))[:count])
    twin.check_list_twin(tbs, issuer=EXPECTED.issuer)
    assert lint(tbs) == []
    signed = HIERARCHY.sign(CertificateKind.ISSUING_OCA, tbs)
    point = point_of(HIERARCHY.keys[CertificateKind.ISSUING_OCA])
    assert linters.lint_list(signed, ExpectedList(EXPECTED.issuer, point)) == ()


def with_extension(oid: str, *, critical: bool = False, value: bytes = der.integer(1)) -> bytes:
    parts = [each.encoded for each in der.read(made()).children()]
    listed = [each.encoded for each in der.read(parts[-1]).children()[0].children()]
    own = encoding.extension(oid, critical, value)
    parts[-1] = der.write(der.tagged(0), der.sequence(*listed[: -1 if oid == "2.5.29.20" else None], own))
    return der.sequence(*parts)


SERIAL = new_serial(AT)


@pytest.mark.parametrize(
    ("tbs", "expected"),
    [
        (made(issuer=Issuer(encoding.Name("OI2", 7).encoded(), EXPECTED.issuer.key_id)), {"issuer"}),
        (made(issuer=Issuer(EXPECTED.issuer.name, b"12345678")), {"authority_key_identifier"}),
        (made(next_update=AT - timedelta(hours=1)), {"period"}),
        (with_extension("2.5.29.46"), {"extensions"}),
        (with_extension("2.5.29.20", critical=True), {"extensions"}),
        (with_extension("2.5.29.20", value=der.integer(2**168)), {"number"}),
        (made(RevokedEntry(SERIAL, AT), RevokedEntry(SERIAL, AT)), {"entries"}),
        (made(RevokedEntry(b"\x01\x02", AT)), {"entries"}),
        (made(RevokedEntry(SERIAL, AT + timedelta(seconds=1))), {"entries"}),
        (made(RevokedEntry(SERIAL, AT.replace(year=2050))), {"entries"}),
        (made(RevokedEntry(SERIAL, AT, 6)), {"reasons"}),
        (made(RevokedEntry(SERIAL, AT, 0)), {"reasons"}),
    ],
)
def test_each_broken_rule_is_found(tbs: bytes, expected: set[str]) -> None:
    assert {code for code in lint(tbs) if not code.startswith("pkix.")} == expected


def test_other_bytes_are_no_list() -> None:
    for wrong in (b"", b"rubbish", der.sequence(), der.sequence(der.integer(1))):
        assert [each.lint for each in linters.lint_list(wrong, EXPECTED)] == ["smki.structure"]


@pytest.mark.clause("L3.5")
def test_pkilints_findings_stop_a_list_too() -> None:
    parts = [each.encoded for each in der.read(made()).children()]
    parts.insert(5, der.sequence())  # no entries must be no element (RFC 5280 5.1.2.6)
    with pytest.raises(LintFailed, match=r"pkix\.crl_revoked_certificates_empty"):
        twin.check_list_twin(der.sequence(*parts), issuer=EXPECTED.issuer)


def test_a_list_signed_by_another_key_is_found() -> None:
    other = point_of(HIERARCHY.keys[CertificateKind.ROOT_DCA])
    signed = HIERARCHY.sign(CertificateKind.ISSUING_OCA, made())
    found = linters.lint_list(signed, ExpectedList(EXPECTED.issuer, other))
    assert [each.lint for each in found] == ["smki.list_signature"]


def test_every_entry_of_a_long_list_is_read_by_our_own_lints() -> None:
    """In the middle, where pkilint was not given it."""
    revoked = list(entries(15 * MOST_ENTRIES))
    revoked[151] = RevokedEntry(SERIAL, AT, 6)
    assert lint(made(*revoked)) == ["reasons"]


def test_a_shortened_list_keeps_head_first_and_last() -> None:
    revoked = list(entries(15 * MOST_ENTRIES))
    whole, short = made(*revoked), shorten_list(made(*revoked))
    fields, kept = der.read(whole).children(), der.read(short).children()
    assert [each.encoded for each in fields[:5]] == [each.encoded for each in kept[:5]]
    assert fields[-1].encoded == kept[-1].encoded
    all_entries, some = fields[5].children(), kept[5].children()
    assert len(some) == MOST_ENTRIES
    assert (some[0], some[-1]) == (all_entries[0], all_entries[-1])
    assert {each.encoded for each in some} <= {each.encoded for each in all_entries}

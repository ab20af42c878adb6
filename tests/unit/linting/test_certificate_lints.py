"""Each rule of a profile has a lint that finds it broken, on the bytes, before anything is signed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pkilint.pkix import certificate, extension, name

from certification.authorities import der, encoding
from certification.authorities.builder import Contents, build_tbs
from certification.authorities.encoding import Name
from certification.authorities.environments import TEST, live_environment
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import (
    BASIC_CONSTRAINTS,
    CertificateKind,
    Extension,
    KeyUsage,
    Lifetime,
    Profile,
    profile_of,
)
from certification.linting import documentation, linters, rule, twin
from certification.linting.allowed import ALLOWED
from certification.linting.rule import Expected
from smki_pma.clauses import RuleViolation
from tests.samples.authority_keys import Hierarchy
from tests.samples.signing_requests import EUI64, point_of

HIERARCHY = Hierarchy()
DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION
LIVE = live_environment(device_policy="1.2.3.1", organisation_policy="1.2.3.2", hw_type="1.2.3.3")


def lint_twin(tbs: bytes, kind: CertificateKind, issuer: Issuer | None = None) -> tuple[str, ...]:
    expected = Expected(profile_of(kind), TEST, issuer or HIERARCHY.issuer(kind))
    found = linters.lint_certificate(twin.twin_of(tbs), expected)
    assert all(
        finding.source and finding.message.endswith(".") for finding in found if _is_ours(finding.lint)
    )
    return tuple(finding.lint for finding in found)


def _is_ours(code: str) -> bool:
    return code.startswith(rule.PREFIX)


def names_of_faults(tbs: bytes, kind: CertificateKind, issuer: Issuer | None = None) -> set[str]:
    """What our own lints find; what pkilint finds of RFC 5280 is its own affair."""
    return {code.removeprefix(rule.PREFIX) for code in lint_twin(tbs, kind, issuer) if _is_ours(code)}


def built(kind: CertificateKind, **changes: object) -> bytes:
    return build_tbs(HIERARCHY.contents(kind, **changes))


@pytest.mark.parametrize("kind", CertificateKind)
def test_what_the_builder_makes_is_clean(kind: CertificateKind) -> None:
    assert lint_twin(built(kind), kind) == ()
    issuer_point = point_of(HIERARCHY.keys[profile_of(kind).issuer])
    expected = Expected(profile_of(kind), TEST, HIERARCHY.issuer(kind), issuer_point)
    assert linters.lint_certificate(HIERARCHY.certificate(kind), expected) == ()


def without_critical(profile: Profile, oid: str) -> Profile:
    changed = (
        replace(each, critical=not each.critical) if each.oid == oid else each for each in profile.extensions
    )
    return replace(profile, extensions=tuple(changed))


def other_profile(kind: CertificateKind, **changes: object) -> Profile:
    return replace(profile_of(kind), **changes)  # type: ignore[arg-type]


DEVICE_PROFILE = profile_of(DEVICE)
BASIC = Extension(BASIC_CONSTRAINTS, "basicConstraints", True, "test")


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        (DEVICE, {"serial": b"\x3f" + b"1" * 15}, {"serial"}),
        (DEVICE, {"serial": b"\x41" * 8}, {"serial"}),
        (DEVICE, {"issuer": Name("DI2", 7)}, {"issuer"}),
        (CertificateKind.ROOT_DCA, {"issuer": Name("DR2", 0)}, {"issuer"}),
        (DEVICE, {"profile": other_profile(DEVICE, lifetime=Lifetime(10, True, ""))}, {"lifetime"}),
        (
            ORGANISATION,
            {"profile": other_profile(ORGANISATION, lifetime=Lifetime(11, True, ""))},
            {"lifetime"},
        ),
        (DEVICE, {"subject": Name("X")}, {"subject"}),
        (ORGANISATION, {"subject": Name("X", 2)}, {"subject"}),
        (ORGANISATION, {"subject": Name("X", 7, EUI64)}, {"subject"}),
        (ORGANISATION, {"subject": Name("X", 2, EUI64 + b"1")}, {"subject"}),
        (CertificateKind.ISSUING_DCA, {"subject": Name("TOOLONG", 7)}, {"subject"}),
        (CertificateKind.ISSUING_DCA, {"subject": Name("DI1", 0)}, {"subject"}),
        (DEVICE, {"usage": KeyUsage.CA}, {"key_usage"}),
        (CertificateKind.ISSUING_DCA, {"usage": KeyUsage.DS}, {"key_usage"}),
        (DEVICE, {"issuer_key_id": b"12345678"}, {"authority_key_identifier"}),
        (DEVICE, {"environment": LIVE}, {"certificate_policies", "subject_alt_name"}),
        (DEVICE, {"eui64": b"1234567"}, {"subject_alt_name"}),
        (DEVICE, {"profile": without_critical(DEVICE_PROFILE, "2.5.29.17")}, {"criticality"}),
        (DEVICE, {"profile": without_critical(DEVICE_PROFILE, "2.5.29.14")}, {"criticality"}),
        (
            DEVICE,
            {"profile": replace(DEVICE_PROFILE, extensions=(BASIC, *DEVICE_PROFILE.extensions))},
            {"extensions", "basic_constraints"},
        ),
        (
            CertificateKind.ISSUING_OCA,
            {"profile": other_profile(CertificateKind.ISSUING_OCA, path_length=1)},
            {"basic_constraints"},
        ),
        (
            CertificateKind.ROOT_OCA,
            {
                "wrapped_contingency_key": der.sequence(
                    der.sequence(der.oid("1.2.3")), der.octet_string(b"1" * 96)
                )
            },
            {"wrapped_contingency_key"},
        ),
        (DEVICE, {"point": b"\x04" + b"\x01" * 64}, {"public_key"}),
    ],
)
@pytest.mark.clause("L3.5")
def test_each_broken_rule_is_found(
    kind: CertificateKind, changes: dict[str, object], expected: set[str]
) -> None:
    assert names_of_faults(built(kind, **changes), kind) == expected


def test_wrong_key_identifier_is_found() -> None:
    tbs = built(DEVICE)
    other = point_of(HIERARCHY.keys[CertificateKind.ROOT_DCA])
    contents: Contents = HIERARCHY.contents(DEVICE)
    changed = build_tbs(contents).replace(contents.point, other)
    assert names_of_faults(changed, DEVICE) == {"subject_key_identifier"}
    assert names_of_faults(tbs, DEVICE) == set()


def test_authority_key_identifier_in_a_root_is_found() -> None:
    profile = profile_of(CertificateKind.ISSUING_DCA)
    root = replace(profile_of(CertificateKind.ROOT_DCA), extensions=profile.extensions)
    tbs = built(CertificateKind.ROOT_DCA, profile=root, issuer_key_id=b"12345678")
    assert names_of_faults(tbs, CertificateKind.ROOT_DCA) == {"extensions", "authority_key_identifier"}


def test_time_in_the_wrong_form_is_found() -> None:
    tbs = built(ORGANISATION)
    early = der.write(der.UTC_TIME, b"261122141516Z")
    assert early in tbs
    wrong = der.write(der.GENERALIZED_TIME, b"20261122141516Z")
    outer = der.read(tbs)
    parts = [child.encoded for child in outer.children()]
    parts[4] = der.sequence(wrong, der.read(parts[4]).children()[1].encoded)
    assert names_of_faults(der.sequence(*parts), ORGANISATION) == {"validity_form"}


@pytest.mark.parametrize("tbs", [b"", b"junk", der.sequence(), der.sequence(der.integer(1))])
def test_other_bytes_are_no_certificate(tbs: bytes) -> None:
    assert names_of_faults(tbs, DEVICE) == {"structure"}


def test_a_field_left_out_is_found() -> None:
    parts = [child.encoded for child in der.read(built(DEVICE)).children()]
    assert names_of_faults(der.sequence(*parts[1:]), DEVICE) == {"fields"}
    unique = der.write(0x81, b"\0" + b"1" * 8)
    assert names_of_faults(der.sequence(*parts[:7], unique, parts[7]), DEVICE) == {"fields"}


@pytest.mark.clause("L3.5")
def test_broken_bytes_cannot_pass_the_gate() -> None:
    """And a job that meets them ends at once: it is a refusal, so it is not tried again."""
    with pytest.raises(LintFailed, match=r"smki\.serial") as failed:
        twin.check_twin(
            built(DEVICE, serial=b"\x41"),
            profile=DEVICE_PROFILE,
            environment=TEST,
            issuer=HIERARCHY.issuer(DEVICE),
        )
    assert isinstance(failed.value, RuleViolation)


@pytest.mark.clause("L3.5")
def test_pkilints_own_findings_stop_as_ours_do() -> None:
    """A mistake in the profile itself: our lints hold to the profile, pkilint to RFC 5280."""
    lax = without_critical(DEVICE_PROFILE, "2.5.29.17")
    expected = Expected(lax, TEST, HIERARCHY.issuer(DEVICE))
    found = linters.lint_certificate(twin.twin_of(built(DEVICE, profile=lax)), expected)
    assert [finding.lint for finding in found] == ["pkix.san_extension_not_critical_empty_subject"]


def test_a_certificate_signed_by_another_key_is_found() -> None:
    other = point_of(HIERARCHY.keys[CertificateKind.ROOT_DCA])
    expected = Expected(DEVICE_PROFILE, TEST, HIERARCHY.issuer(DEVICE), other)
    found = linters.lint_certificate(HIERARCHY.certificate(DEVICE), expected)
    assert [finding.lint for finding in found] == ["smki.signature"]


def test_a_twin_is_what_will_be_signed_but_for_the_signature() -> None:
    tbs = built(DEVICE)
    assert encoding.to_be_signed(twin.twin_of(tbs)) == tbs


@pytest.mark.parametrize("kind", CertificateKind)
def test_the_planned_walk_finds_what_pkilints_own_walk_finds(kind: CertificateKind) -> None:
    """Unfiltered, at every severity, on right bytes and on bytes wrong in one place each."""
    whole = HIERARCHY.certificate(kind)
    expected = Expected(profile_of(kind), TEST, HIERARCHY.issuer(kind))
    quick = linters.certificate_linter(expected)
    plain = linters.certificate_container(expected)
    seen = set()
    for position in range(8, len(whole) - 72, 3):
        changed = bytearray(whole)
        changed[position] ^= 0x21
        results = []
        for container in (plain, quick):
            document = rule.SmkiCertificate("memory", bytes(changed), "certificate")
            try:
                document.decode()
            except ValueError:
                break
            results.append(
                [
                    (str(result.node.path), str(each.finding), str(each.message))
                    for result in container.validate(document.root)
                    for each in result.finding_descriptions
                ]
            )
        if results:
            assert results[0] == results[1]
            seen.update(code for _, code, _ in results[0])
    assert len(seen) > 8


def test_every_lint_cites_its_source() -> None:
    lints = [*linters.CERTIFICATE_LINTS, *linters.LIST_LINTS]
    assert len({each.code for each in lints}) == len(lints) >= 25
    assert all(re.search(r"RFC \d+|profile", each.source) for each in lints)


def test_what_is_allowed_is_really_said_and_has_a_reason() -> None:
    """An entry that pkilint no longer says would hide something else under the same code."""
    plain = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [certificate.create_extensions_validator_container([])],
    )
    document = rule.SmkiCertificate("memory", HIERARCHY.certificate(DEVICE), "certificate")
    document.decode()
    said = {
        each.finding.code for result in plain.validate(document.root) for each in result.finding_descriptions
    }
    assert {each.code for each in ALLOWED} <= said
    assert all(len(each.reason) > 40 for each in ALLOWED)


def test_the_document_is_up_to_date() -> None:
    kept = (Path(__file__).resolve().parents[3] / "docs" / "lints.md").read_text()
    assert kept == documentation.document(), "Run manage.py write_lints and commit docs/lints.md."

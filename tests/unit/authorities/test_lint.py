"""Each rule of a profile has a lint that finds it broken, before anything is signed."""

from dataclasses import replace

import pytest

from certification.authorities import der, lint
from certification.authorities.builder import Contents, build_tbs
from certification.authorities.encoding import Name
from certification.authorities.environments import TEST, live_environment
from certification.authorities.lint import Issuer, LintFailed, check_tbs, find_faults
from certification.authorities.profiles import (
    BASIC_CONSTRAINTS,
    CertificateKind,
    Extension,
    KeyUsage,
    Lifetime,
    Profile,
    profile_of,
)
from tests.samples.authority_keys import Hierarchy
from tests.samples.signing_requests import EUI64, point_of

HIERARCHY = Hierarchy()
DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION
LIVE = live_environment(device_policy="1.2.3.1", organisation_policy="1.2.3.2", hw_type="1.2.3.3")


def names_of_faults(tbs: bytes, kind: CertificateKind, issuer: Issuer | None = None) -> set[str]:
    found = find_faults(tbs, profile_of(kind), TEST, issuer or HIERARCHY.issuer(kind))
    assert all(finding.source and finding.message.endswith(".") for finding in found)
    return {finding.lint for finding in found}


def built(kind: CertificateKind, **changes: object) -> bytes:
    return build_tbs(HIERARCHY.contents(kind, **changes))


@pytest.mark.parametrize("kind", CertificateKind)
def test_what_the_builder_makes_is_clean(kind: CertificateKind) -> None:
    assert names_of_faults(built(kind), kind) == set()


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
    with pytest.raises(LintFailed, match="serial"):
        check_tbs(built(DEVICE, serial=b"\x41"), DEVICE_PROFILE, TEST, HIERARCHY.issuer(DEVICE))


def test_every_lint_cites_its_source() -> None:
    find_faults(built(DEVICE), DEVICE_PROFILE, TEST, HIERARCHY.issuer(DEVICE))
    assert len({each.name for each in lint.LINTS}) == len(lint.LINTS) >= 15
    assert all(each.source for each in lint.LINTS)

"""Certificate profiles: what each of the six kinds of Certificate contains, as data.

The builder writes what a profile says and the lint checks it, so a rule stands here once. `source` says
where a rule comes from: a standard, "measured" (published DCC test certificates), or "house rule".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from certification.authorities.environments import Environment, environment
from certification.authorities.role_codes import ISSUING_AUTHORITY, ROOT

__all__ = ["CertificateKind", "Environment", "KeyUsage", "Profile", "environment", "profile_of"]


class CertificateKind(StrEnum):
    ROOT_DCA = "root_dca"
    ISSUING_DCA = "issuing_dca"
    ROOT_OCA = "root_oca"
    ISSUING_OCA = "issuing_oca"
    DEVICE = "device"
    ORGANISATION = "organisation"


class KeyUsage(StrEnum):
    """What the key is for; the values are those of the Repository Interface."""

    DS = "DS"
    KA = "KA"
    CA = "CA"

    @property
    def bits(self) -> int:
        """The first octet of the keyUsage BIT STRING (RFC 5280 4.2.1.3)."""
        return {KeyUsage.DS: 0x80, KeyUsage.KA: 0x08, KeyUsage.CA: 0x06}[self]


class SubjectForm(StrEnum):
    AUTHORITY = "OU of the level and CN of at most 4 characters"
    EMPTY = "empty"
    ORGANISATION = "optional CN, OU with the role code, uniqueIdentifier with the EUI-64"


KEY_USAGE, SUBJECT_KEY_ID, ALTERNATIVE_NAME = "2.5.29.15", "2.5.29.14", "2.5.29.17"
BASIC_CONSTRAINTS, POLICIES, AUTHORITY_KEY_ID = "2.5.29.19", "2.5.29.32", "2.5.29.35"
WRAPPED_CONTINGENCY_KEY = "1.3.6.1.5.5.7.1.20"

COMMON_NAME, ORGANISATIONAL_UNIT, UNIQUE_IDENTIFIER = "2.5.4.3", "2.5.4.11", "2.5.4.45"
EC_PUBLIC_KEY, P256, ECDSA_SHA256 = "1.2.840.10045.2.1", "1.2.840.10045.3.1.7", "1.2.840.10045.4.3.2"
HARDWARE_MODULE_NAME = "1.3.6.1.5.5.7.8.4"
AES256_WRAP_PAD = "2.16.840.1.101.3.4.1.48"

AUTHORITY_NAME_LENGTH = 4
SERIAL_LENGTH = 16
KEY_ID_LENGTH = 8
NO_WELL_DEFINED_EXPIRY = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Extension:
    oid: str
    name: str
    critical: bool
    source: str


_BASIC_CONSTRAINTS = Extension(BASIC_CONSTRAINTS, "basicConstraints", True, "RFC 5280 4.2.1.9")
_KEY_USAGE = Extension(KEY_USAGE, "keyUsage", True, "RFC 5280 4.2.1.3; measured")
_SUBJECT_KEY_ID = Extension(SUBJECT_KEY_ID, "subjectKeyIdentifier", False, "RFC 5280 4.2.1.2; measured")
_ALTERNATIVE_NAME = Extension(ALTERNATIVE_NAME, "subjectAltName", True, "RFC 5280 4.2.1.6; measured")
_POLICIES = Extension(POLICIES, "certificatePolicies", True, "RFC 5280 4.2.1.4; measured")
_AUTHORITY_KEY_ID = Extension(AUTHORITY_KEY_ID, "authorityKeyIdentifier", False, "RFC 5280 4.2.1.1; measured")
_WRAPPED_CONTINGENCY_KEY = Extension(
    WRAPPED_CONTINGENCY_KEY, "wrappedApexContingencyKey", False, "RFC 5934 id-pe-wrappedApexContinKey"
)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """`years` None: the Certificate has no well-defined expiry (RFC 5280 4.1.2.5)."""

    years: int | None
    to_end_of_day: bool
    source: str

    def ends_at(self, starts_at: datetime) -> datetime:
        """The notAfter of a Certificate whose notBefore is `starts_at` (aware UTC)."""
        if self.years is None:
            return NO_WELL_DEFINED_EXPIRY
        end = _years_later(starts_at, self.years)
        if not self.to_end_of_day:
            return end - timedelta(seconds=1)
        return datetime.combine(end.date() - timedelta(days=1), time(23, 59, 59), tzinfo=UTC)


def _years_later(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:  # 29 February, and that year is no leap year
        return moment.replace(year=moment.year + years, month=3, day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything that one kind of Certificate contains; `extensions` in the order of writing."""

    kind: CertificateKind
    title: str
    hierarchy: str
    issuer: CertificateKind
    subject: SubjectForm
    unit: int | None
    usages: frozenset[KeyUsage]
    lifetime: Lifetime
    extensions: tuple[Extension, ...]
    path_length: int | None = None

    @property
    def is_authority(self) -> bool:
        return self.subject is SubjectForm.AUTHORITY

    @property
    def self_signed(self) -> bool:
        return self.issuer is self.kind

    def policy(self, env: Environment) -> str:
        """The one policy that this kind of Certificate asserts in that environment."""
        return env.device_policy if self.hierarchy == "device" else env.organisation_policy


_ROOT_LIFE = Lifetime(50, False, "house rule")
_ISSUING_LIFE = Lifetime(25, False, "house rule")
_AUTHORITY_EXTENSIONS = (_BASIC_CONSTRAINTS, _KEY_USAGE, _SUBJECT_KEY_ID, _POLICIES)

PROFILES: dict[CertificateKind, Profile] = {
    CertificateKind.ROOT_DCA: Profile(
        kind=CertificateKind.ROOT_DCA,
        title="Root DCA",
        hierarchy="device",
        issuer=CertificateKind.ROOT_DCA,
        subject=SubjectForm.AUTHORITY,
        unit=ROOT,
        usages=frozenset({KeyUsage.CA}),
        lifetime=_ROOT_LIFE,
        extensions=_AUTHORITY_EXTENSIONS,
    ),
    CertificateKind.ISSUING_DCA: Profile(
        kind=CertificateKind.ISSUING_DCA,
        title="Issuing DCA",
        hierarchy="device",
        issuer=CertificateKind.ROOT_DCA,
        subject=SubjectForm.AUTHORITY,
        unit=ISSUING_AUTHORITY,
        usages=frozenset({KeyUsage.CA}),
        lifetime=_ISSUING_LIFE,
        extensions=(*_AUTHORITY_EXTENSIONS, _AUTHORITY_KEY_ID),
        path_length=0,
    ),
    CertificateKind.ROOT_OCA: Profile(
        kind=CertificateKind.ROOT_OCA,
        title="Root OCA",
        hierarchy="organisation",
        issuer=CertificateKind.ROOT_OCA,
        subject=SubjectForm.AUTHORITY,
        unit=ROOT,
        usages=frozenset({KeyUsage.CA}),
        lifetime=_ROOT_LIFE,
        extensions=(*_AUTHORITY_EXTENSIONS, _WRAPPED_CONTINGENCY_KEY),
    ),
    CertificateKind.ISSUING_OCA: Profile(
        kind=CertificateKind.ISSUING_OCA,
        title="Issuing OCA",
        hierarchy="organisation",
        issuer=CertificateKind.ROOT_OCA,
        subject=SubjectForm.AUTHORITY,
        unit=ISSUING_AUTHORITY,
        usages=frozenset({KeyUsage.CA}),
        lifetime=_ISSUING_LIFE,
        extensions=(*_AUTHORITY_EXTENSIONS, _AUTHORITY_KEY_ID),
        path_length=0,
    ),
    CertificateKind.DEVICE: Profile(
        kind=CertificateKind.DEVICE,
        title="Device Certificate",
        hierarchy="device",
        issuer=CertificateKind.ISSUING_DCA,
        subject=SubjectForm.EMPTY,
        unit=None,
        usages=frozenset({KeyUsage.DS, KeyUsage.KA}),
        lifetime=Lifetime(None, False, "RFC 5280 4.1.2.5; measured"),
        extensions=(_KEY_USAGE, _SUBJECT_KEY_ID, _ALTERNATIVE_NAME, _POLICIES, _AUTHORITY_KEY_ID),
    ),
    CertificateKind.ORGANISATION: Profile(
        kind=CertificateKind.ORGANISATION,
        title="Organisation Certificate",
        hierarchy="organisation",
        issuer=CertificateKind.ISSUING_OCA,
        subject=SubjectForm.ORGANISATION,
        unit=None,
        usages=frozenset({KeyUsage.DS, KeyUsage.KA}),
        lifetime=Lifetime(10, True, "measured"),
        extensions=(_KEY_USAGE, _SUBJECT_KEY_ID, _POLICIES, _AUTHORITY_KEY_ID),
    ),
}


def profile_of(kind: CertificateKind | str) -> Profile:
    return PROFILES[CertificateKind(kind)]

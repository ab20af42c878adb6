"""Who signs the Certificates of a batch, with which template; and the signing, in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from secrets import SystemRandom
from uuid import UUID

from cryptography import x509

from certification.authorities.builder import SERIAL_FIRST_OCTET, Contents
from certification.authorities.encoding import Name
from certification.authorities.environments import environment as environment_of
from certification.authorities.eui64 import LENGTH as EUI64_LENGTH
from certification.authorities.issuing import check_not_revoked, issuing_authority
from certification.authorities.keys import key_backend
from certification.authorities.lint import Issuer
from certification.authorities.models import Authority
from certification.authorities.profiles import SERIAL_LENGTH, CertificateKind, KeyUsage
from certification.authorities.selectors import issuer_of, name_of, profile_in_force
from certification.engine.intents import Intents
from certification.engine.signing import Issued, sign_all
from certification.engine.template import Fields, Template, check_equal, contents_of, make_template
from repository.certificates.lodging import Alike

# Certificates of each chunk that are built a second time, and of these how many are linted whole; every one is
# checked octet by octet.
SAMPLE = 2
LINTED = 1
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class BatchIssuer:
    """The Authority that signs, and what its Device Certificates from a moment on have in common."""

    authority_id: UUID
    not_before: datetime
    template: Template


def issuer_for(environment: str, *, at: datetime) -> BatchIssuer:
    """The active Issuing DCA with its linted template. RuleViolation where none issues, LintFailed, TemplateRefused."""
    authority = issuing_authority(CertificateKind.DEVICE, environment)
    # The whole minute, so that one template serves many chunks: notBefore is the same for all of them.
    not_before = at.replace(second=0, microsecond=0)
    template = _template(_contents(authority, environment, not_before), issuer_of(authority))
    return BatchIssuer(authority.pk, not_before, template)


def _contents(authority: Authority, environment: str, not_before: datetime) -> Contents:
    """What the Certificates are alike in; its five fields stand for any."""
    return Contents(
        profile=profile_in_force(CertificateKind.DEVICE, at=not_before),
        environment=environment_of(environment),
        serial=bytes((SERIAL_FIRST_OCTET, *bytes(SERIAL_LENGTH - 1))),
        issuer=name_of(authority),
        issuer_key_id=issuer_of(authority).key_id,
        subject=Name(),
        not_before=not_before,
        point=bytes(authority.point),
        usage=KeyUsage.DS,
        eui64=bytes(EUI64_LENGTH),
    )


@lru_cache(maxsize=8)
def _template(alike: Contents, issuer: Issuer) -> Template:
    """Made, compared with the builder and linted once for each Authority and minute."""
    template = make_template(alike)
    _lint(template.splice(alike.serial, alike.point, alike.usage, alike.eui64), alike, issuer)
    return template


def _lint(tbs: bytes, alike: Contents, issuer: Issuer) -> None:
    # Here and not above: the web process imports the batches, and needs no linter.
    from certification.linting.twin import check_twin

    check_twin(tbs, profile=alike.profile, environment=alike.environment, issuer=issuer)


def sign(intents: Intents) -> list[Issued]:
    """Sign exactly the bytes that were committed, each checked before and each signature after. L3.5

    Only in a worker: raises KeyUnavailable elsewhere; LintFailed, TemplateRefused, Misshapen, SignatureMismatch,
    RuleViolation where the Authority is revoked, each of which stops the chunk before anything leaves. Writes nothing.
    """
    check_not_revoked(intents.authority_id)
    authority = Authority.objects.get(pk=intents.authority_id)
    alike = _contents(authority, intents.environment, intents.not_before)
    template = _template(alike, issuer_of(authority))
    tbs = intents.tbs
    sample = _random.sample(tbs, min(SAMPLE, len(tbs)))
    for each in sample:
        check_equal(template, contents_of(template.read(each), alike))
    for each in sample[:LINTED]:
        _lint(each, alike, issuer_of(authority))
    signer = key_backend().signer(authority.key_reference)
    return sign_all(tbs, template=template, sign=signer, issuer_point=bytes(authority.point))


def fields_of(intents: Intents) -> list[Fields]:
    """What was committed to for each Certificate of a chunk, to give it back. Needs neither key nor linter."""
    authority = Authority.objects.get(pk=intents.authority_id)
    template = make_template(_contents(authority, intents.environment, intents.not_before))
    return [template.read(each) for each in intents.tbs]


def alike_in_repository(intents: Intents) -> Alike:
    """What the Certificates of a chunk have in common in the Repository, read from the Authority's Certificate."""
    authority = Authority.objects.get(pk=intents.authority_id)
    contents = _contents(authority, intents.environment, intents.not_before)
    return Alike(
        kind=contents.profile.kind.value,
        environment=intents.environment,
        issuer=x509.load_der_x509_certificate(
            bytes(authority.certificate_der or b"")
        ).subject.rfc4514_string(),
        issuer_key_id=issuer_of(authority).key_id.hex().upper(),
        not_before_at=contents.not_before,
        not_after_at=contents.not_after,
    )


def warm() -> None:
    """Open the keys that sign batches before the first chunk waits for them. Templates are made for the minute."""
    for environment in ("live", "test"):
        authority = Authority.objects.filter(
            kind=CertificateKind.ISSUING_DCA, environment=environment, state="active"
        ).first()
        if authority is not None:
            key_backend().signer(authority.key_reference)

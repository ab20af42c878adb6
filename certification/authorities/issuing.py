"""Issuing a Certificate so that a crash at any line loses nothing and issues nothing twice.

First `prepare`, inside the service that accepts the request: the serial and the exact bytes to be signed are
committed. Then `sign`, in a worker: the same bytes, however often, give the same Certificate with a software
key. The caller lodges it in the same transaction in which it marks the request as issued.

Bytes that fail the lint, or whose Authority is revoked meanwhile, can be given up for good (`abandon`): they are
never signed, whoever tries.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from certification.authorities.builder import Contents, assemble, build_tbs, new_serial
from certification.authorities.csr import CheckedCsr
from certification.authorities.encoding import Name
from certification.authorities.environments import environment as environment_of
from certification.authorities.keys import key_backend
from certification.authorities.lint import Finding, Issuer, LintFailed
from certification.authorities.models import AbandonedIntent, Authority, Intent
from certification.authorities.profiles import CertificateKind, profile_of
from certification.authorities.selectors import (
    check_root_use,
    issuer_of,
    name_of,
    profile_in_force,
)
from certification.authorities.states import ACTIVE, REVOKED
from smki_pma.clauses import RuleViolation
from smki_pma.statements import fetch_one, find_row, get_row, insert_row, locking

_ACTIVE = "SELECT id FROM authorities_authority WHERE kind = %s AND environment = %s AND state = %s"
_STATE = "SELECT state FROM authorities_authority WHERE id = %s"
_STANDING = (
    "SELECT state, EXISTS (SELECT 1 FROM authorities_abandonedintent WHERE intent_id = %s) "
    "FROM authorities_authority WHERE id = %s"
)
# An Authority that is being revoked waits for what is committed to or signed under it at this moment, and
# nothing comes after it. The weakest lock will do: its revocation lists do not wait.
_LOCK = "FOR KEY SHARE"
_REVOKED = Finding(
    "smki.issuer_revoked", "The Authority that was to sign is revoked, and issues nothing.", "L3.5"
)

# What tells a later intent of a request from its first: "request:1", then "request:1/2".
_AGAIN = "/"


@dataclass(frozen=True, slots=True)
class Signed:
    der: bytes
    sha256: str
    intent_id: UUID


def prepare(*, reference: str, csr: CheckedCsr, environment: str, at: datetime) -> Intent:
    """Commit to one Certificate for `reference`, a request without faults; a repeat gives the same row. L3.5

    Called inside a service; needs no key. RuleViolation when no Authority issues there.
    """
    issuer = issuing_authority(csr.kind, environment)
    organisation = csr.kind is CertificateKind.ORGANISATION
    contents = Contents(
        profile=profile_in_force(csr.kind, at=at),
        environment=environment_of(environment),
        serial=new_serial(at),
        issuer=name_of(issuer),
        issuer_key_id=issuer_of(issuer).key_id,
        subject=Name(csr.common_name, csr.role_code, csr.eui64) if organisation else Name(),
        not_before=at.replace(microsecond=0),
        point=csr.point,
        usage=csr.usage,
        eui64=b"" if organisation else csr.eui64,
    )
    return commit_to(contents, authority=issuer, reference=reference, at=at)


def issuing_authority(kind: CertificateKind, environment: str) -> Authority:
    """The Authority that issues Certificates of this kind now. RuleViolation when there is none. L3.5"""
    issuer_kind = profile_of(kind).issuer
    found = fetch_one(f"{_ACTIVE} {locking(_LOCK)}", [issuer_kind.value, environment, ACTIVE])
    if found is None:
        raise RuleViolation(
            f"There is no active {profile_of(issuer_kind).title} in the {environment} environment. DCC must "
            "hold the key ceremony first.",
            clause="L3.5",
        )
    return fixed_authority(found[0])


@lru_cache(maxsize=64)
def fixed_authority(id: UUID | str) -> Authority:
    """An Authority that issues, by its id, for what no longer changes of it: its name, key and Certificate."""
    return Authority.objects.get(pk=id)


def commit_to(contents: Contents, *, authority: Authority, reference: str, at: datetime) -> Intent:
    """Build and store what `authority` will sign. It is linted in the worker, before the key is touched.

    What has been committed to for `reference` before stays, and is given.
    """
    tbs = build_tbs(contents)
    intent = Intent(
        reference=reference,
        authority=authority,
        kind=contents.profile.kind,
        environment=contents.environment.key,
        serial=contents.serial.hex().upper(),
        tbs=tbs,
        not_before_at=contents.not_before,
        not_after_at=contents.not_after,
        created_at=at,
    )
    if not insert_row(intent, unless="reference"):
        return Intent.objects.get(reference=reference)
    return intent


def _issuer_for(authority: Authority, kind: CertificateKind) -> Issuer | None:
    return None if profile_of(kind).self_signed else issuer_of(authority)


def current_intent(reference: str) -> Intent:
    """What is to be signed for `reference`: what was committed to first, or what has taken its place. L3.5"""
    intent = get_row(Intent, reference=reference)
    while (abandoned := find_row(AbandonedIntent, intent_id=intent.pk)) and abandoned.replaced_by_id:
        intent = get_row(Intent, id=abandoned.replaced_by_id)
    return intent


def is_revoked(authority_id: UUID) -> bool:
    """Whether the Authority is revoked; if it is not, it stays so until this transaction ends. L3.5"""
    found = fetch_one(f"{_STATE} {locking(_LOCK)}", [authority_id])
    return found is not None and found[0] == REVOKED


def check_not_revoked(authority_id: UUID) -> None:
    """A revoked Authority signs nothing, whatever was committed to before: raises RuleViolation. L3.5

    A superseded one may: its Certificate is good, and what was received under it is finished.
    """
    if is_revoked(authority_id):
        raise _revoked(authority_id)


def _revoked(authority_id: UUID) -> RuleViolation:
    return RuleViolation(
        f"The {fixed_authority(authority_id)} is revoked and issues nothing. Have what was to be signed with its "
        "key made anew, under its successor.",
        clause="L3.5",
    )


def findings_of(intent: Intent) -> tuple[Finding, ...]:
    """Why the committed bytes must not be signed: a revoked Authority, or the lint; empty where they may be.

    Only in a worker. L3.5
    """
    if is_revoked(intent.authority_id):
        return (_REVOKED,)
    try:
        _check(intent, _signer_of(intent))
    except LintFailed as failed:
        return failed.findings
    return ()


def abandon(
    intent: Intent,
    *,
    findings: tuple[Finding, ...],
    csr: CheckedCsr | None,
    person_id: UUID,
    at: datetime,
) -> Intent | None:
    """Give up bytes that must not be signed, and commit to others with a new serial for the same request. L3.5

    csr: the request, checked again; None where nothing is to be signed in their place. person_id: who decided it.
    """
    new = None
    if csr is not None:
        root = intent.reference.partition(_AGAIN)[0]
        again = Intent.objects.filter(reference__startswith=f"{root}{_AGAIN}").count() + 2
        new = prepare(reference=f"{root}{_AGAIN}{again}", csr=csr, environment=intent.environment, at=at)
    AbandonedIntent(
        intent=intent,
        replaced_by=new,
        findings=[str(finding) for finding in findings],
        abandoned_at=at,
        abandoned_by_id=person_id,
    ).save()
    return new


def sign(intent: Intent) -> Signed:
    """Lint the committed bytes on their twin, sign exactly them and verify the signature. L3.5

    Only in a worker: raises KeyUnavailable elsewhere; LintFailed, SignatureMismatch, RuleViolation for bytes
    that were abandoned or whose Authority is revoked. Writes nothing.
    """
    _check_may_be_signed(intent)
    authority = _signer_of(intent)
    check_root_use(authority)
    _check(intent, authority)
    tbs = bytes(intent.tbs)
    signature = key_backend().sign(authority.key_reference, tbs)
    der = assemble(tbs, signature, issuer_point=bytes(authority.point))
    return Signed(der, hashlib.sha256(der).hexdigest(), intent.pk)


def _check_may_be_signed(intent: Intent) -> None:
    """Neither abandoned nor under a revoked Authority: one statement says both, and locks the Authority. L3.5"""
    found = fetch_one(f"{_STANDING} {locking(_LOCK)}", [intent.pk, intent.authority_id])
    state, abandoned = found or (REVOKED, False)
    if abandoned:
        raise RuleViolation("These bytes were abandoned. They are never signed.", clause="L3.5")
    if state == REVOKED:
        raise _revoked(intent.authority_id)


def _signer_of(intent: Intent) -> Authority:
    of_authority = profile_of(intent.kind).is_authority
    return intent.authority if of_authority else fixed_authority(intent.authority_id)


def _check(intent: Intent, authority: Authority) -> None:
    # Here and not above: the web process imports this module to prepare, and needs no linter.
    from certification.linting.twin import check_twin

    profile = profile_in_force(intent.kind, at=intent.created_at)
    check_twin(
        bytes(intent.tbs),
        profile=profile,
        environment=environment_of(intent.environment),
        issuer=_issuer_for(authority, profile.kind),
    )

"""What the worker makes in a key ceremony. Part of the ceremony's services: no entry of its own."""

from __future__ import annotations

import hashlib
from datetime import datetime

from certification.authorities import der, encoding, issuing, lists, states
from certification.authorities.builder import Contents, new_serial
from certification.authorities.environments import environment as environment_of
from certification.authorities.keys import KeyBackend, key_backend
from certification.authorities.models import Authority, Ceremony, Intent
from certification.authorities.profiles import AES256_WRAP_PAD, CertificateKind, KeyUsage, profile_of
from certification.authorities.rules import AUTHORITY_KINDS, Purpose
from certification.authorities.selectors import (
    active_authority,
    issuer_of,
    name_of,
    profile_in_force,
)
from repository.certificates.services import lodge_certificate
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor


def check_root(ceremony: Ceremony) -> None:
    """The root that the plan names is still what it was then: raises RuleViolation. L3.5"""
    root = ceremony.root
    if root is None:
        return
    is_usable = root.may_sign_lists if ceremony.purpose == Purpose.ARL else root.state == states.ACTIVE
    if not is_usable:
        raise RuleViolation(f"The {root.title} is {root.get_state_display().lower()} by now.", clause="L3.5")


def make_authorities(ceremony: Ceremony, at: datetime) -> None:
    """Keys, rows and intents of the Authorities to be made. A key that an earlier attempt made is used."""
    keys = key_backend()
    made: dict[CertificateKind, Authority] = {}
    if ceremony.root is not None:
        made[CertificateKind(ceremony.root.kind)] = ceremony.root
    for kind in _kinds_of(ceremony):
        profile = profile_of(kind)
        authority = Authority(
            kind=kind,
            environment=ceremony.environment,
            common_name=ceremony.names[kind],
            parent=None if profile.self_signed else made[profile.issuer],
            ceremony=ceremony,
            key_reference=_key_reference(ceremony, kind.value.replace("_", "-")),
            state=states.PREPARED,
        )
        authority.point = keys.generate(authority.key_reference)
        authority.save()
        made[kind] = authority
        _commit(ceremony, authority, keys, at)


def _kinds_of(ceremony: Ceremony) -> list[CertificateKind]:
    return [kind for kind in AUTHORITY_KINDS if kind in ceremony.names]


def _key_reference(ceremony: Ceremony, name: str) -> str:
    return f"{ceremony.environment}-{ceremony.pk.hex[:12]}-{name}"


def intent_reference(authority: Authority) -> str:
    return f"authority:{authority.pk}"


def _commit(ceremony: Ceremony, authority: Authority, keys: KeyBackend, at: datetime) -> None:
    issuer = authority.parent or authority
    is_root_oca = authority.kind == CertificateKind.ROOT_OCA
    contents = Contents(
        profile=profile_in_force(authority.kind, at=at),
        environment=environment_of(ceremony.environment),
        serial=new_serial(at),
        issuer=name_of(issuer),
        issuer_key_id=None if authority.is_root else issuer_of(issuer).key_id,
        subject=name_of(authority),
        not_before=at.replace(microsecond=0),
        point=bytes(authority.point),
        usage=KeyUsage.CA,
        wrapped_contingency_key=_wrapped_contingency_key(ceremony, keys) if is_root_oca else b"",
    )
    issuing.commit_to(contents, authority=issuer, reference=intent_reference(authority), at=at)


def _wrapped_contingency_key(ceremony: Ceremony, keys: KeyBackend) -> bytes:
    """The extension of RFC 5934: the Contingency Public Key under the Contingency Symmetric Key."""
    symmetric = _key_reference(ceremony, "contingency-symmetric")
    keys.generate_wrapping(symmetric)
    point = keys.generate(_key_reference(ceremony, "contingency"))
    wrapped = keys.wrap(symmetric, encoding.public_key_info(point))
    return der.sequence(der.sequence(der.oid(AES256_WRAP_PAD)), der.octet_string(wrapped))


def certify_authorities(ceremony: Ceremony, by: Actor, at: datetime) -> list[dict[str, str]]:
    """Sign the intents, make the Authorities active and lodge. Returns the facts of each. L5.3(a)"""
    facts = []
    for authority in _in_order(ceremony):
        intent = Intent.objects.get(reference=intent_reference(authority))
        signed = issuing.sign(intent)
        supersede(authority)
        _activate(authority, intent, signed, at)
        lodge_certificate(
            der=signed.der,
            kind=authority.kind,
            environment=authority.environment,
            by=by,
            at=at,
            reference=intent.reference,
        )
        facts.append(
            {
                "kind": authority.kind,
                "name": authority.common_name,
                "serial": intent.serial,
                "public_key_sha256": hashlib.sha256(
                    encoding.public_key_info(bytes(authority.point))
                ).hexdigest(),
                "tbs_sha256": hashlib.sha256(bytes(intent.tbs)).hexdigest(),
                "certificate_sha256": signed.sha256,
            }
        )
    return facts


def _in_order(ceremony: Ceremony) -> list[Authority]:
    found = {authority.kind: authority for authority in ceremony.authorities.select_related("parent")}
    return [found[kind] for kind in _kinds_of(ceremony)]


def supersede(successor: Authority) -> None:
    """The one before issues no more; it goes on signing revocation lists."""
    before = active_authority(successor.kind, successor.environment)
    if before is not None:
        before.state = states.AUTHORITY.move("supersede", state=before.state).target
        before.save()


def _activate(authority: Authority, intent: Intent, signed: issuing.Signed, at: datetime) -> None:
    authority.state = states.AUTHORITY.move("activate", state=authority.state).target
    authority.certificate_der = signed.der
    authority.certificate_sha256 = signed.sha256
    authority.serial = intent.serial
    authority.not_before_at = intent.not_before_at
    authority.not_after_at = intent.not_after_at
    authority.activated_at = at
    authority.save()


def signs_lists(ceremony: Ceremony) -> bool:
    """Whether the ceremony makes a list: an instruction that suspends lists holds it. L2.14"""
    return ceremony.purpose == Purpose.ARL or any(
        profile_of(kind).self_signed or kind is CertificateKind.ISSUING_OCA for kind in _kinds_of(ceremony)
    )


def issue_lists(ceremony: Ceremony, by: Actor, at: datetime) -> list[dict[str, str]]:
    """The ARL that was asked for, or the first lists of what was made. L5.1(j)-(k)

    An Issuing DCA signs none: Device Certificates are never revoked.
    """
    signers = [
        authority
        for authority in _in_order(ceremony)
        if authority.is_root or authority.kind == CertificateKind.ISSUING_OCA
    ]
    if ceremony.purpose == Purpose.ARL and ceremony.root is not None:
        signers = [ceremony.root]
    return [lists.issue_list(authority, by=by, at=at).facts(authority) for authority in signers]

"""Planning a key ceremony: what it is for, its script, its witnesses; and the duty of two people to approve. L3.5"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from certification.authorities import lists, states
from certification.authorities.environments import Environment
from certification.authorities.environments import environment as environment_of
from certification.authorities.models import Authority, Ceremony
from certification.authorities.profiles import CertificateKind
from certification.authorities.rules import (
    AUTHORITY_KINDS,
    Purpose,
    check_names,
    check_witnesses,
)
from certification.authorities.scripts import (
    hash_script,
    write_arl_script,
    write_roll_over_script,
    write_script,
)
from certification.authorities.selectors import may_be_succeeded, profile_in_force, unfinished_ceremony
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation, clause
from smki_pma.duties.acts import open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority as parties_authority
from smki_pma.parties.roles import Role

CLAUSE = clause("L3.5").id
APPROVE = "ceremony.approve"


@service
def plan_ceremony(
    *,
    environment: str,
    names: Mapping[CertificateKind, str],
    witnesses: Sequence[str],
    by: Actor,
    at: datetime | None = None,
) -> Ceremony:
    """An operator plans the ceremony that makes all four Authorities of an environment. L3.5"""
    at = at or clock.now()
    person_id = require_operator(by, at)
    env = _usable(environment)
    _check_free(unfinished_ceremony(environment))
    named = {kind: names.get(kind, "") for kind in AUTHORITY_KINDS}
    check_names(named, _names_taken())
    years = {kind: _years(kind, at) for kind in AUTHORITY_KINDS}
    return _plan(
        Purpose.ESTABLISH,
        env,
        named,
        write_script(env, named, years),
        witnesses=witnesses,
        person_id=person_id,
        by=by,
        at=at,
    )


@service
def plan_roll_over(
    *, authority_id: UUID, name: str, witnesses: Sequence[str], by: Actor, at: datetime | None = None
) -> Ceremony:
    """An operator plans to put a new Issuing Authority in the place of one that issues, or is revoked. L3.5

    A revoked one is replaced where no other of its kind issues in the environment.
    """
    at = at or clock.now()
    person_id = require_operator(by, at)
    present = Authority.objects.select_related("parent").get(pk=authority_id)
    root, kind = present.parent, CertificateKind(present.kind)
    if root is None or not may_be_succeeded(present):
        raise RuleViolation(
            "Only an Issuing Authority that is active, or is revoked and has no active successor, is rolled over, "
            "under a root that is active.",
            clause=CLAUSE,
        )
    env = _usable(present.environment)
    _check_free(unfinished_ceremony(present.environment))
    _check_one_name(kind, name)
    script = write_roll_over_script(
        env,
        kind,
        name=name,
        years=_years(kind, at),
        root=root.title,
        present=present.title,
        revoked=present.state == states.REVOKED,
    )
    return _plan(
        Purpose.ROLL_OVER,
        env,
        {kind: name},
        script,
        root=root,
        witnesses=witnesses,
        person_id=person_id,
        by=by,
        at=at,
    )


def _check_one_name(kind: CertificateKind, name: str) -> None:
    try:
        check_names({kind: name}, _names_taken())
    except RuleViolation as refusal:
        raise RuleViolation(refusal.message, clause=CLAUSE, field="name") from None


@service
def plan_arl(*, root_id: UUID, witnesses: Sequence[str], by: Actor, at: datetime | None = None) -> Ceremony:
    """An operator plans the use of a root's key for its next Authority Revocation List. L3.5, L5.1(k)"""
    lists.hold_off_suspensions()
    at = at or clock.now()
    person_id = require_operator(by, at)
    lists.check_not_suspended(at)
    root = Authority.objects.select_for_update(no_key=True).get(pk=root_id)
    if not (root.is_root and root.may_sign_lists):
        raise RuleViolation(
            "Only a root that is active or superseded signs an Authority Revocation List.", clause=CLAUSE
        )
    unfinished = Ceremony.objects.filter(root=root, purpose=Purpose.ARL, state__in=states.UNFINISHED)
    _check_free(unfinished.first())
    env = environment_of(root.environment)
    script = write_arl_script(env, root=root.title, revoked=lists.serials_revoked_by(root))
    return _plan(
        Purpose.ARL, env, {}, script, root=root, witnesses=witnesses, person_id=person_id, by=by, at=at
    )


def _usable(environment: str) -> Environment:
    env = environment_of(environment)
    if env.sample and not settings.SMKI_SAMPLE_COMMUNITY:
        raise RuleViolation(
            "The live object identifiers are not set, only samples of them. Set SMKI_LIVE_DEVICE_POLICY_OID, "
            "SMKI_LIVE_ORGANISATION_POLICY_OID and SMKI_LIVE_HW_TYPE_OID first.",
            clause=CLAUSE,
            field="environment",
        )
    return env


def _check_free(unfinished: Ceremony | None) -> None:
    if unfinished is not None:
        raise RuleViolation(
            f"Key ceremony {unfinished.reference} is not finished. Carry it out or abandon it.",
            clause=CLAUSE,
            field="environment",
        )


def _names_taken() -> set[str]:
    return set(Authority.objects.exclude(state=states.DISCARDED).values_list("common_name", flat=True))


def _years(kind: CertificateKind, at: datetime) -> int:
    return profile_in_force(kind, at=at).lifetime.years or 0


def require_operator(by: Actor, at: datetime) -> UUID:
    """The person behind a DCC Certification Authority operator: raises NotEntitled. L3.5"""
    parties_authority.require(by, Role.DCC_CA_OPERATOR, clause=CLAUSE, at=at)
    if by.person_id is None:
        raise NotEntitled("A key ceremony is planned and approved by people.", clause=CLAUSE)
    return by.person_id


def _plan(
    purpose: Purpose,
    env: Environment,
    names: Mapping[CertificateKind, str],
    script: list[str],
    *,
    root: Authority | None = None,
    witnesses: Sequence[str],
    person_id: UUID,
    by: Actor,
    at: datetime,
) -> Ceremony:
    check_witnesses(witnesses)
    key = uuid4()
    ceremony = Ceremony(
        pk=key,
        reference=f"KC-{key.hex[:8].upper()}",
        purpose=purpose.value,
        environment=env.key,
        root=root,
        names={kind.value: name for kind, name in names.items()},
        script=script,
        script_sha256=hash_script(script),
        witnesses=list(witnesses),
        planned_by_id=person_id,
        planned_at=at,
        state=states.CEREMONY.move("plan", state=states.NEW).target,
    )
    ceremony.save()
    open_duty(
        kind=APPROVE,
        clause=CLAUSE,
        title=f"Approve key ceremony {ceremony.reference}",
        role=Role.DCC_CA_OPERATOR,
        subject=ceremony,
        url=reverse("authorities:show_ceremony", args=[ceremony.pk]),
    )
    facts = {
        "reference": ceremony.reference,
        "purpose": ceremony.purpose,
        "environment": env.key,
        "root": root.title if root else "",
        "names": ceremony.names,
        "script_sha256": ceremony.script_sha256,
        "witnesses": ceremony.witnesses,
    }
    record("ceremony.planned", clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc")
    return ceremony

"""Reading a draft, each time on record, and the PMA's grants of reading. L9.12, L9.18"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from guardian.shortcuts import assign_perm, remove_perm

from repository.drafts import access
from repository.drafts.models import Draft, Grant, Revision
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import reading, record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.models import Person


@service(reads="CPS draft")
def read_draft(*, draft_id: UUID, part: str, by: Actor, at: datetime | None = None) -> Draft:
    """One page of a draft, read by somebody for whom it exists. part: which page. L9.12, L9.18"""
    draft = Draft.objects.select_related("base").get(pk=draft_id)
    access.require_sight(by, draft, at=at or clock.now())
    reading(draft, purpose=part)
    return draft


@service(reads="CPS draft, copy")
def read_file(*, revision_id: UUID, by: Actor, at: datetime | None = None) -> Revision:
    """A copy of one file of a draft, sent to somebody for whom it exists. L9.12, L9.18"""
    revision = Revision.objects.select_related("draft").get(pk=revision_id)
    access.require_sight(by, revision.draft, at=at or clock.now())
    reading(revision.draft, purpose=f"File {revision.number}")
    return revision


@service
def grant_reading(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Grant:
    """The PMA lets one person outside DCC and the PMA read one draft. L9.12, L9.18

    parameters: {"person": id}.
    """
    at = at or clock.now()
    draft = Draft.objects.get(pk=subject_id)
    cited = draft.cited("L9.12")
    authority.require_resolution(by, clause=cited)
    person = _person(parameters, cited)
    present = _open_grants(draft, person).first()
    if present is not None:
        return unchanged(present)
    grant = Grant(draft=draft, person=person, granted_at=at, granted_ref=by.resolution_ref)
    grant.save()
    assign_perm(access.READ, person, draft)
    facts = {"person": person.name, "resolution_ref": by.resolution_ref}
    record("draft.reading_granted", clause=cited, by=by, subject=draft, facts=facts, audience="cps")
    return grant


@service
def revoke_reading(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Draft:
    """The PMA takes a grant of reading back. L9.12, L9.18"""
    at = at or clock.now()
    draft = Draft.objects.get(pk=subject_id)
    cited = draft.cited("L9.12")
    authority.require_resolution(by, clause=cited)
    person = _person(parameters, cited)
    grant = _open_grants(draft, person).first()
    if grant is None:
        return unchanged(draft)
    grant.revoked_at, grant.revoked_ref = at, by.resolution_ref
    grant.save()
    remove_perm(access.READ, person, draft)
    facts = {"person": person.name, "resolution_ref": by.resolution_ref}
    record("draft.reading_revoked", clause=cited, by=by, subject=draft, facts=facts, audience="cps")
    return draft


def _person(parameters: dict[str, Any], cited: str) -> Person:
    person = Person.objects.filter(pk=parameters["person"], is_active=True).first()
    if person is None:
        raise RuleViolation("Choose a person who can sign in.", clause=cited, field="person")
    return person


def _open_grants(draft: Draft, person: Person) -> QuerySet[Grant]:
    return Grant.objects.select_for_update().filter(draft=draft, person=person, revoked_at__isnull=True)

"""Who may hand in requests: for a Party in the live environment, and for one that is still being tested."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from certification.subscribers.models import AuthorisedSubscriber, Eui64Range
from certification.subscribers.permissions import require_party_officer, require_responsible_officer
from certification.subscribers.rules import Policy
from smki_pma.clauses import NotEntitled, clause
from smki_pma.ledger.actors import Actor
from smki_pma.statements import fetch_one, locking

SERVING = clause("L3.4").id
TEST = "test"


class HasTestAccess(Protocol):
    """Says whether a Party may use the test environment at a moment."""

    def __call__(self, party_id: UUID, *, at: datetime) -> bool: ...


_sources: list[HasTestAccess] = []


def register_test_access(source: HasTestAccess) -> HasTestAccess:
    """Register the function that says whether a Party may use the test environment at a moment. L4.1(b)"""
    if source not in _sources:
        _sources.append(source)
    return source


def is_in_entry_testing(party_id: UUID, *, environment: str, at: datetime) -> bool:
    """Whether DCC lets the Party use this environment for entry testing: the test environment alone. L4.1(b)"""
    return environment == TEST and any(has_access(party_id, at=at) for has_access in _sources)


def require_entitled(by: Actor, *, party_id: UUID, policy: Policy, environment: str, at: datetime) -> UUID:
    """Check that `by` may hand in this Party's requests; gives the person's id. L3.4, L4.1

    A Party with test access needs no authorisation in the test environment. Raises NotEntitled.
    """
    if is_in_entry_testing(party_id, environment=environment, at=at):
        return require_party_officer(by, party_id=party_id, clause=SERVING, at=at)
    person_id = require_responsible_officer(by, party_id=party_id, clause=SERVING, at=at)
    if not _is_authorised(party_id, policy):
        raise NotEntitled(
            f"Your Party is not an Authorised Subscriber under the {policy.title}.", clause=SERVING
        )
    return person_id


def hold_grounds(party_id: UUID) -> None:
    """What the checks of an Organisation request rest on cannot end until it is decided: called first. L3.4"""
    for grounds in (AuthorisedSubscriber, Eui64Range):
        rows = grounds.objects.select_for_update().filter(party_id=party_id).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _is_authorised(party_id: UUID, policy: Policy) -> bool:
    """Whether the authorisation stands; it cannot be withdrawn until this request is decided.

    A shared lock: the subscriber's own requests do not wait for one another. On SQLite nobody else writes.
    """
    table = connection.ops.quote_name(AuthorisedSubscriber._meta.db_table)
    statement = f"SELECT 1 FROM {table} WHERE party_id = %s AND policy = %s AND withdrawn_at IS NULL"  # noqa: S608
    return fetch_one(f"{statement} {locking('FOR SHARE')}", [party_id, policy.value]) is not None

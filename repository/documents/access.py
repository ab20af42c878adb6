"""Who reads the Repository, in what capacity and why: the one place where that stands (L5.5, L5.6).

Documents and Certificates are read through it by every route: pages, the repository interface, tasks.
A page asks `current_reading(request)`; a machine route asks `reader(person, at)` and says the purpose itself.
Either then calls `log_read` for each thing read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, clause
from smki_pma.governance.meetings.selectors import acting_now
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import reading, service
from smki_pma.parties import authority
from smki_pma.parties.models import Holding, Party, Person
from smki_pma.parties.roles import DCC_STAFF, PMA_MEMBERS, Role
from smki_pma.parties.selectors import the_dcc

NOBODY_ELSE = clause("L5.6").id
BY_A_PARTY = clause("L5.5(a)").id
BY_THE_PANEL = clause("L5.5(b)").id
BY_THE_PMA = clause("L5.5(c)").id
TESTS_FIRST = clause("L7.1(b)").id
PURPOSE = clause("L5.11").id

# An Alternate, the SMKI Specialist for the Chair included, reads for the PMA while acting for a seat.
ALTERNATES = frozenset({Role.ALTERNATE, Role.SMKI_SPECIALIST})
BY_OFFICE = (*PMA_MEMBERS, Role.PANEL_OFFICER, Role.CODE_ADMINISTRATOR, Role.PARTY_OFFICER, *DCC_STAFF)
READING_ROLES = (*BY_OFFICE, *ALTERNATES)
_SESSION_KEY = "repository_reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A right to read. key: names it in a form. ground: the paragraph of L5.5. title: the capacity in words.

    needs_purpose: L5.11 binds Parties and the PMA, not the Panel.
    """

    key: str
    title: str
    ground: str
    actor: Actor
    needs_purpose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A right to read with the purpose that the reader has given for it."""

    access: Access
    purpose: str

    @property
    def actor(self) -> Actor:
        return self.access.actor


def accesses_of(person: Person, at: datetime | None = None) -> list[Access]:
    """Every capacity in which the person may read now; empty for most people. L5.5"""
    at = at or clock.now()
    found = [
        access
        for holding in authority.holdings_of(person, at=at)
        for access in _of_holding(holding, person, at)
    ]
    return list({access.key: access for access in found}.values())


def is_offered(request: Any) -> bool:
    """Whether the navigation leads to the Repository: by office, or while acting for a seat. L5.5"""
    return not request.roles.isdisjoint(BY_OFFICE) or (
        not request.roles.isdisjoint(ALTERNATES) and bool(acting_now(request.user))
    )


def reader(person: Person, at: datetime | None = None, *, key: str = "") -> Access:
    """The right to read, that named `key` where one is named; raises NotEntitled where there is none. L5.6"""
    accesses = accesses_of(person, at)
    for access in accesses:
        if key in ("", access.key):
            return access
    if not accesses and _waits_for_tests(person, at):
        raise NotEntitled(
            "Your Party cannot read the Repository until DCC has confirmed that it has completed the SMKI "
            "and Repository Entry Process Tests for that purpose. Ask DCC where your application stands.",
            clause=TESTS_FIRST,
        )
    raise NotEntitled(
        "Only a Party whose entry tests are complete, the Panel, the SMKI PMA, and the Code Administrator "
        "for either of them read the Repository.",
        clause=NOBODY_ELSE,
    )


def require_reader(by: Actor, *, at: datetime) -> None:
    """Check in a service that the Actor has a right to read at that moment. L5.5, L5.6, L7.1(b)"""
    holding = authority.require(by, *READING_ROLES, clause=NOBODY_ELSE, at=at)
    if holding is None or _of_holding(holding, holding.person, at):
        return
    if holding.role in ALTERNATES:
        raise NotEntitled(
            "An Alternate reads the Repository only while acting for a seat of the SMKI PMA.",
            clause=NOBODY_ELSE,
        )
    raise NotEntitled("Your Party's entry tests for the Repository are not complete.", clause=TESTS_FIRST)


@service(reads="Repository")
def log_read(*, subject: models.Model, purpose: str, by: Actor, at: datetime | None = None) -> None:
    """One thing read from the Repository, for the access log. purpose: the reader's own words. L5.6"""
    require_reader(by, at=at or clock.now())
    reading(subject, purpose=purpose)


def current_reading(request: HttpRequest) -> Reading | None:
    """The capacity and purpose given today in this session; None where the page must ask first. L5.11

    Raises NotEntitled for a person who has no right to read, or whose right has ended since.
    """
    person = _person(request)
    reader(person)
    given = request.session.get(_SESSION_KEY, {})
    if given.get("on") != clock.today().isoformat():
        return None
    for access in accesses_of(person):
        if access.key == given.get("key"):
            return Reading(access=access, purpose=given["purpose"])
    return None


def remember_reading(request: HttpRequest, *, key: str, purpose: str) -> Reading:
    """Keep capacity and purpose for the rest of the day in this session. L5.11"""
    access = reader(_person(request), key=key)
    request.session[_SESSION_KEY] = {"key": key, "purpose": purpose, "on": clock.today().isoformat()}
    return Reading(access=access, purpose=purpose)


def reading_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only for an entitled reader who has given a purpose today, as `request.reading`."""

    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.reading = current_reading(request)
        if request.reading is None:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('documents:give_purpose')}?{query}")
        return view(request, *args, **kwargs)

    return run


def _of_holding(holding: Holding, person: Person, at: datetime) -> list[Access]:
    actor = authority.actor_for(holding, person)
    if holding.role in PMA_MEMBERS:
        return [_access("pma", "For the SMKI PMA", BY_THE_PMA, actor)]
    if holding.role in ALTERNATES:
        acts = any(acting.holding_id == holding.pk for acting in acting_now(person, at))
        return [_access("pma", "For the SMKI PMA", BY_THE_PMA, actor)] if acts else []
    if holding.role is Role.PANEL_OFFICER:
        return [_access("panel", "For the Panel", BY_THE_PANEL, actor, needs_purpose=False)]
    if holding.role is Role.CODE_ADMINISTRATOR:
        return _of_code_administrator(actor)
    party = _party_of(holding)
    return [_of_party(party, actor)] if party is not None and _tests_are_complete(party, at) else []


def _of_code_administrator(actor: Actor) -> list[Access]:
    """The Code Administrator reads for the Panel or for the PMA, and the log says which. L5.5(b)-(c)"""
    for_panel = replace(actor, for_name="the Panel")
    for_pma = replace(actor, for_name="the SMKI PMA")
    return [
        _access("administrator-panel", "For the Panel", BY_THE_PANEL, for_panel, needs_purpose=False),
        _access("administrator-pma", "For the SMKI PMA", BY_THE_PMA, for_pma),
    ]


def _of_party(party: Party, actor: Actor) -> Access:
    actor = replace(actor, for_party_id=party.pk, for_name=party.organisation.name)
    return _access(f"party-{party.pk}", f"For {party.organisation.name}", BY_A_PARTY, actor)


def _access(key: str, title: str, ground: str, actor: Actor, *, needs_purpose: bool = True) -> Access:
    return Access(key=key, title=title, ground=ground, actor=actor, needs_purpose=needs_purpose)


def _party_of(holding: Holding) -> Party | None:
    """The Party that a holding acts for; DCC's own staff act for DCC."""
    if holding.role in DCC_STAFF:
        return holding.party or the_dcc()
    return holding.party if holding.role is Role.PARTY_OFFICER else None


def _tests_are_complete(party: Party, at: datetime) -> bool:
    """Completed means that DCC's confirmation for this purpose has been received. L7.1(b), L7.7"""
    confirmed_at = party.repository_tests_confirmed_at
    return confirmed_at is not None and confirmed_at <= at


def _waits_for_tests(person: Person, at: datetime | None) -> bool:
    return any(_party_of(holding) is not None for holding in authority.holdings_of(person, at=at))


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise NotEntitled("Sign in to read the Repository.", clause=NOBODY_ELSE)
    return request.user

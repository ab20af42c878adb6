"""Reads of duties: one's own by urgency, and the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from smki_pma.calendar import clock
from smki_pma.calendar.working_days import extra_days_read_once
from smki_pma.duties.models import Duty, DutyQuerySet
from smki_pma.duties.rules import (
    IN_A_MEETING,
    Urgency,
    compute_urgency,
    describe_due,
    describe_lateness,
    due_on,
)
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import DCC_STAFF, PMA_READERS, Role

# Who sees what everybody owes. Titles are publishable; a Party's own duties are not theirs to see.
OVERSEERS = PMA_READERS | {Role.SMKI_SPECIALIST, Role.CODE_ADMINISTRATOR, Role.PANEL_OFFICER, Role.AUDITOR}
SEE_PARTIES = DCC_STAFF | {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Line:
    """A duty as a list shows it."""

    duty: Duty
    due_in_words: str
    urgency: Urgency
    due_on: Any
    lateness: str = ""

    @property
    def verb(self) -> str:
        """The first word of the title, for the button."""
        return self.duty.title.split(" ", 1)[0].rstrip(":")

    @property
    def rest(self) -> str:
        return self.duty.title.split(" ", 1)[-1]

    @property
    def state(self) -> str:
        if self.duty.discharged_at:
            return "done"
        if self.duty.withdrawn_at:
            return "withdrawn"
        return "overdue" if self.urgency is Urgency.OVERDUE else "open"


def own_duties(holdings: Iterable[Holding]) -> DutyQuerySet:
    """What is owed now by whoever holds these offices."""
    held = list(holdings)
    return Duty.objects.open().held_by(held) if held else Duty.objects.none()


def count_own(holdings: Iterable[Holding]) -> int:
    """The number beside For you in the navigation: exactly the length of its list."""
    return own_duties(holdings).count()


def line(duty: Duty, *, at: datetime) -> Line:
    of_meeting = duty.kind in IN_A_MEETING
    urgency = compute_urgency(duty.due_at, of_meeting=of_meeting, at=at)
    words = "due in the meeting" if of_meeting and duty.due_at is None else describe_due(duty.due_at, at=at)
    if duty.due_at is None:
        return Line(duty, words, urgency, None)
    return Line(duty, words, urgency, due_on(duty.due_at), describe_lateness(duty.due_at, at=at))


def lines(duties: Iterable[Duty], *, at: datetime) -> list[Line]:
    """Many duties as lines, in their order."""
    with extra_days_read_once():
        return [line(duty, at=at) for duty in duties]


def by_urgency(duties: Iterable[Duty], *, at: datetime) -> dict[Urgency, list[Line]]:
    """Duties in the groups of For you, empty groups left out, each in order of due date."""
    groups: dict[Urgency, list[Line]] = {urgency: [] for urgency in Urgency}
    for each in lines(duties, at=at):
        groups[each.urgency].append(each)
    return {urgency: found for urgency, found in groups.items() if found}


def visible_to(holdings: Iterable[Holding]) -> DutyQuerySet:
    """The duties that the register shows to whoever holds these offices: always the own ones."""
    held = list(holdings)
    roles = {holding.role for holding in held}
    own = Duty.objects.held_by(held) if held else Duty.objects.none()
    seen = Q(pk__in=own.values("pk"))
    if roles & OVERSEERS:
        seen |= Q(party__isnull=True)
    if roles & DCC_STAFF:
        seen |= Q(role__in=[role.value for role in DCC_STAFF])
    if roles & SEE_PARTIES:
        seen |= Q(party__isnull=False)
    return Duty.objects.filter(seen).select_related(
        "holding__office", "holding__person", "party__organisation"
    )


def holder_of(duty: Duty) -> str:
    """Who owes it, in words."""
    if duty.holding is not None:
        return f"{duty.holding.person.name}, {duty.holding.office.title}"
    title = Role(duty.role).title
    return f"{title} of {duty.party}" if duty.party is not None else title


def filtered(
    duties: DutyQuerySet, *, state: str, role: str, words: str, at: datetime | None = None
) -> DutyQuerySet:
    """The register cut by state ("open", "overdue", "done", "withdrawn", "all"), holder's role, and words."""
    moment = at or clock.now()
    cuts = {
        "open": Q(discharged_at__isnull=True, withdrawn_at__isnull=True),
        "overdue": Q(discharged_at__isnull=True, withdrawn_at__isnull=True, due_at__lte=moment),
        "done": Q(discharged_at__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }
    found = duties.filter(cuts.get(state, Q()))
    if role:
        found = found.filter(Q(role=role) | Q(holding__office__role=role))
    return found.filter(Q(title__icontains=words) | Q(clause__icontains=words)) if words else found

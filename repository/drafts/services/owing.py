"""The duties around a draft. Their titles are public: they say that there is a draft and nothing of it."""

from datetime import datetime
from uuid import UUID

from repository.drafts.models import Draft
from smki_pma.calendar import clock, working_days
from smki_pma.duties.acts import discharge_duties, open_duty, withdraw_duties
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings.selectors import people_reading
from smki_pma.notices.acts import send_notice
from smki_pma.parties.models import Person
from smki_pma.parties.roles import PMA_MEMBERS, Role
from smki_pma.parties.selectors import people_holding
from smki_pma.rules_in_force.selectors import figure

CONSIDER = "drafts.consider"
SCHEDULE = "drafts.schedule"
MAKE = "drafts.make_amendments"
CHECK = "drafts.check_amendments"


def address_of(draft: Draft) -> str:
    """The draft's page; it gives nothing away and is a 404 for everybody else."""
    return f"/cps/drafts/{draft.pk}/"


def owe_consideration(draft: Draft, *, at: datetime) -> None:
    """The PMA considers what DCC has submitted; the Secretariat brings it to a meeting. L9.9(b), L9.11"""
    cited = draft.cited("L9.9(b)" if draft.is_initial else "L9.11(b)")
    due_at = _due("drafts.consider_working_days", at)
    for role in sorted(PMA_MEMBERS):
        title = f"Consider: {draft.public_title}"
        _open(draft, kind=CONSIDER, clause=cited, title=title, role=role, due_at=due_at)
    _owe_scheduling(draft, due_at)


def _owe_scheduling(draft: Draft, due_at: datetime | None) -> None:
    cited = draft.cited("L9.9(b)" if draft.is_initial else "L9.11(b)")
    title = f"Put on an agenda: {draft.public_title}"
    _open(draft, kind=SCHEDULE, clause=cited, title=title, role=Role.SECRETARIAT, due_at=due_at)


def scheduling_changed(draft_id: UUID, is_listed: bool) -> None:
    """The Secretariat has put the draft on an agenda; or it is on none any more while the PMA has not decided."""
    draft = Draft.objects.get(pk=draft_id)
    considering = Duty.objects.open().about(CONSIDER, draft).first()
    if is_listed:
        discharge_duties(kind=SCHEDULE, subject=draft)
    elif considering is not None:
        _owe_scheduling(draft, considering.due_at)


def consideration_is_over(draft: Draft) -> None:
    """The PMA has decided."""
    discharge_duties(kind=CONSIDER, subject=draft)
    discharge_duties(kind=SCHEDULE, subject=draft)


def consideration_is_withdrawn(draft: Draft) -> None:
    """DCC has taken it back: there is nothing to decide."""
    withdraw_duties(kind=CONSIDER, subject=draft)
    withdraw_duties(kind=SCHEDULE, subject=draft)


def owe_making(draft: Draft, *, at: datetime) -> None:
    """DCC makes what was decided. L9.9(c), L9.11(b)"""
    cited = draft.cited("L9.9(c)" if draft.is_initial else "L9.11(b)")
    title = f"Make the amendments: {draft.public_title}"
    due_at = _due("drafts.amend_working_days", at)
    _open(draft, kind=MAKE, clause=cited, title=title, role=Role.DCC_DOCUMENT_OWNER, due_at=due_at)


def making_is_over(draft: Draft, *, at: datetime) -> None:
    """DCC has answered; the Secretariat checks the fact. L9.9(c)"""
    discharge_duties(kind=MAKE, subject=draft)
    cited = draft.cited("L9.9(c)" if draft.is_initial else "L9.11(b)")
    title = f"Check that the amendments are made: {draft.public_title}"
    _open(draft, kind=CHECK, clause=cited, title=title, role=Role.SECRETARIAT, due_at=None)


def checking_is_over(draft: Draft) -> None:
    """The Secretariat has checked."""
    discharge_duties(kind=CHECK, subject=draft)


def tell_pma(draft: Draft, *, clause: str, what: str) -> None:
    """A notice to those who read for the PMA now that names the draft and links to it."""
    _tell(draft, clause, what, people_reading())


def tell_dcc(draft: Draft, *, clause: str, what: str) -> None:
    """A notice to DCC's document owner that names the draft and links to it."""
    _tell(draft, clause, what, people_holding(Role.DCC_DOCUMENT_OWNER))


def _tell(draft: Draft, clause: str, what: str, people: list[Person]) -> None:
    send_notice(
        clause=clause,
        subject=f"{draft.public_title}: {what}",
        body=f"{draft.public_title}: {what}.\n\nIt is confidential. Sign in to read it.",
        people=people,
        url=address_of(draft),
    )


def _open(draft: Draft, *, kind: str, clause: str, title: str, role: Role, due_at: datetime | None) -> None:
    url = address_of(draft)
    open_duty(kind=kind, clause=clause, title=title, role=role, subject=draft, due_at=due_at, url=url)


def _due(key: str, at: datetime) -> datetime:
    return working_days.end_of_day(working_days.add_working_days(clock.london_date(at), figure(key, at=at)))

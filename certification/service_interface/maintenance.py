"""Work on DCC's systems, announced in advance, and the dates from which the interface must be available. L4.2"""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from certification.service_interface import rules
from certification.service_interface.models import AvailabilityFact, MaintenanceWindow
from certification.service_interface.selectors import people_to_tell, planned_spans
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.times import moment

MAINTENANCE = clause("H8.3").id
AVAILABLE = clause("L4.2").id


@service
def announce_window(
    *,
    starts_at: datetime,
    ends_at: datetime,
    is_planned: bool,
    live_down: bool,
    test_down: bool,
    what: str,
    by: Actor,
    at: datetime | None = None,
) -> MaintenanceWindow:
    """DCC announces work in advance, and whether the interface is down meanwhile. L4.2, H8.3"""
    at = at or clock.now()
    operator_id = _operator(by, clause=MAINTENANCE, at=at)
    # Announcements are rare; one at a time, so that two cannot fill the same month's hours.
    list(Party.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    rules.check_window(starts_at, ends_at, at=at)
    if is_planned and (live_down or test_down):
        rules.check_planned(
            (starts_at, ends_at),
            planned_spans(live_down=live_down, test_down=test_down),
            announced_on=clock.london_date(at),
            notice=figure("interface.maintenance_notice_working_days", at=at),
            hours=figure("interface.maintenance_hours", at=at),
        )
    window = MaintenanceWindow(
        starts_at=starts_at,
        ends_at=ends_at,
        is_planned=is_planned,
        live_down=live_down,
        test_down=test_down,
        what=what.strip(),
        announced_at=at,
        announced_by_id=operator_id,
    )
    window.save()
    _tell(window, "Maintenance announced", _in_words(window))
    _record("maintenance.announced", by=by, window=window, facts=_facts(window))
    return window


@service
def cancel_window(*, window_id: UUID, by: Actor, at: datetime | None = None) -> MaintenanceWindow:
    """DCC takes back an announcement before the work begins. L4.2"""
    at = at or clock.now()
    _operator(by, clause=MAINTENANCE, at=at)
    window = _locked(window_id)
    if window.cancelled_at is not None or window.starts_at <= at:
        raise RuleViolation(
            "Only announced work that has not begun can be cancelled. If it is over early, say so instead.",
            clause=MAINTENANCE,
        )
    window.cancelled_at = at
    window.save()
    _tell(window, "Maintenance cancelled", f"This work will not take place. {_in_words(window)}")
    _record("maintenance.cancelled", by=by, window=window, facts=_facts(window))
    return window


@service
def end_window(*, window_id: UUID, by: Actor, at: datetime | None = None) -> MaintenanceWindow:
    """DCC says that running work is over, before its announced end: the interface opens at once. L4.2"""
    at = at or clock.now()
    _operator(by, clause=MAINTENANCE, at=at)
    window = _locked(window_id)
    running = window.starts_at <= at < window.ends_at
    if window.cancelled_at is not None or window.over_at is not None or not running:
        raise RuleViolation("This work is not running now.", clause=MAINTENANCE)
    window.over_at = at
    window.save()
    _tell(window, "Maintenance over", f"The work was over at {moment(at)}. {_in_words(window)}")
    _record("maintenance.over", by=by, window=window, facts=_facts(window) | {"over_at": at})
    return window


def _operator(by: Actor, *, clause: str, at: datetime) -> UUID:
    """DCC's operators announce work and record dates; gives the person's id. L4.2"""
    holding = authority.require(by, Role.DCC_CA_OPERATOR, clause=clause, at=at)
    if holding is None:
        raise authority.refusal(Role.DCC_CA_OPERATOR, clause=clause)
    return holding.person_id


def _locked(window_id: UUID) -> MaintenanceWindow:
    return MaintenanceWindow.objects.select_for_update().get(pk=window_id)


def _in_words(window: MaintenanceWindow) -> str:
    down = {
        (True, True): "The live and the test interface are down meanwhile.",
        (True, False): "The live interface is down meanwhile.",
        (False, True): "The test interface is down meanwhile.",
        (False, False): "The interface stays available.",
    }[window.live_down, window.test_down]
    kind = "Planned Maintenance" if window.is_planned else "Work that is not Planned Maintenance"
    return f"{kind}: {window.what}. From {moment(window.starts_at)} to {moment(window.ends_at)}. {down}"


def _facts(window: MaintenanceWindow) -> dict[str, object]:
    return {
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
        "is_planned": window.is_planned,
        "live_down": window.live_down,
        "test_down": window.test_down,
        "what": window.what,
    }


def _tell(window: MaintenanceWindow, subject: str, body: str) -> None:
    send_notice(
        clause=MAINTENANCE,
        subject=f"{subject}: SMKI Service Interface",
        body=body,
        people=people_to_tell(at=clock.now()),
        url=reverse("service_interface:list_windows"),
    )


def _record(event: str, *, by: Actor, window: MaintenanceWindow, facts: dict[str, object]) -> None:
    record(event, clause=AVAILABLE, by=by, subject=window, facts=facts, audience="public")


@service
def record_availability_fact(
    *,
    kind: AvailabilityFact.Kind,
    starts_on: date,
    ends_on: date | None = None,
    extent: str = "",
    source: str,
    by: Actor,
    at: datetime | None = None,
) -> AvailabilityFact:
    """DCC records a date from which, or dates on which, the interface must be available. L4.2

    For the SMKI Services the latest record counts; each span of entry testing counts on its own.
    """
    at = at or clock.now()
    operator_id = _operator(by, clause=AVAILABLE, at=at)
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation("The last day is not before the first.", clause=AVAILABLE, field="ends_on")
    fact = AvailabilityFact(
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on if kind == AvailabilityFact.Kind.TESTING else None,
        extent=extent.strip(),
        source=source.strip(),
        recorded_at=at,
        recorded_by_id=operator_id,
    )
    fact.save()
    facts = {"kind": fact.kind, "starts_on": starts_on, "ends_on": fact.ends_on, "source": fact.source}
    record(
        "availability.fact_recorded", clause=AVAILABLE, by=by, subject=fact, facts=facts, audience="public"
    )
    return fact

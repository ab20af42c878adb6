"""Sending apologies for a meeting and taking them back, and how the meeting's page shows them (L1.12)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.access import meeting_or_404
from smki_pma.governance.meetings.apologies import OPEN_TO_APOLOGIES
from smki_pma.governance.meetings.models import Apology, Meeting
from smki_pma.governance.meetings.selectors import alternates_in_absence
from smki_pma.governance.membership.seats import BY_KEY
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One held seat as the apologies see it. deputies: who acts, in words; "" for nobody."""

    seat: SeatAt
    apology: Apology | None
    is_present: bool
    is_own: bool
    deputies: str


def absences(request: Any, meeting: Meeting, seats: tuple[SeatAt, ...] | None = None) -> list[Absence]:
    """The seats that are held, each with the apologies that stand, in the order of L1.3."""
    found = Apology.objects.filter(meeting=meeting, taken_back_at__isnull=True)
    standing = {apology.holding_id: apology for apology in found}
    here = set(meeting.attendance.filter(left_at__isnull=True).values_list("person_id", flat=True))
    return [
        Absence(
            seat=seat,
            apology=standing.get(seat.holding.pk),
            is_present=seat.holding.person_id in here,
            is_own=seat.holding.person_id == request.user.pk,
            deputies=", ".join(h.person.name for h in alternates_in_absence(seat)),
        )
        for seat in seats or seats_at()
        if seat.holding is not None
    ]


def apologies_context(request: Any, meeting: Meeting, *, shown: bool) -> dict[str, Any]:
    """What the meeting's page says of apologies: all of them, as sent, with what this person can do."""
    if not shown:
        return {"apologies": [], "absences": [], "own_absence": None}
    now = absences(request, meeting) if meeting.state in OPEN_TO_APOLOGIES else []
    return {
        "apologies": [
            {"apology": apology, "title": BY_KEY[apology.seat].title} for apology in meeting.apologies.all()
        ],
        "absences": now,
        "own_absence": next((absence for absence in now if absence.is_own), None),
    }


@require_POST
def send_apologies(request: Any, meeting_id: UUID, seat: str) -> HttpResponse:
    """The member cannot attend: the Alternate acts (L1.12)."""
    meeting = meeting_or_404(request, meeting_id)
    by = _sender(request, seat)
    apology = services.send_apologies(meeting_id=meeting.pk, seat=seat, by=by)
    messages.success(
        request, f"The apologies of {apology.name} for meeting {meeting.reference} are recorded."
    )
    return redirect("meetings:show_meeting", meeting_id=meeting.pk)


@require_POST
def take_back_apologies(request: Any, meeting_id: UUID, seat: str) -> HttpResponse:
    """The member attends after all (L1.12)."""
    meeting = meeting_or_404(request, meeting_id)
    by = _sender(request, seat)
    apology = services.take_back_apologies(meeting_id=meeting.pk, seat=seat, by=by)
    messages.success(request, f"The apologies of {apology.name} are taken back.")
    return redirect("meetings:show_meeting", meeting_id=meeting.pk)


def _sender(request: Any, seat: str) -> Actor:
    actor: Actor = request.acting(Role.PMA_CHAIR, Role.PMA_MEMBER, Role.SECRETARIAT, clause="L1.12")
    if seat not in BY_KEY:
        raise Http404
    return actor

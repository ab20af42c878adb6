"""DCC's view of the batches in hand, and what an operator does about one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.batches import rules, services
from certification.batches.forms import PauseForm
from certification.batches.models import Batch
from certification.batches.selectors import in_hand
from certification.batches.views import batch_context, found_batch
from certification.requests.sections import sections
from certification.requests.services import SERVING
from smki_pma.calendar import clock
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

STAFF = (Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """A batch in hand. look: "late", "at risk", "in time", or empty while no time runs."""

    batch: Batch
    percent: int
    look: str


@require_safe
def list_queue(request: Any) -> HttpResponse:
    """Every batch in hand, in the order in which it is due. L8.1(b)"""
    request.acting(*STAFF, clause=SERVING)
    now = clock.now()
    found = list(in_hand().defer("faults")[:_SHOWN])
    context = {
        "rows": [_standing(batch, now) for batch in found],
        "waiting": sum(batch.count - batch.answered for batch in found),
    }
    return render(request, "batches/list_queue.html", context | sections(request))


def _standing(batch: Batch, now: datetime) -> Standing:
    percent = rules.compute_percent(answered=batch.answered, count=batch.count)
    if batch.received_at is None or batch.deadline_at is None:
        return Standing(batch, percent, "")
    if now > batch.deadline_at:
        return Standing(batch, percent, "late")
    at_risk = rules.is_at_risk(
        received_at=batch.received_at,
        deadline_at=batch.deadline_at,
        now=now,
        answered=batch.answered,
        count=batch.count,
    )
    return Standing(batch, percent, "at risk" if at_risk else "in time")


@require_POST
def pause_batch(request: Any, uid: UUID) -> HttpResponse:
    """Hold a batch, with the reason."""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=SERVING)
    batch = found_batch(request, uid)
    form = PauseForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            paused = services.pause_batch(batch_uid=batch.uid, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"Batch {paused.reference} is paused.")
            return redirect("batches:show_batch", uid=uid)
    context = batch_context(request, batch) | sections(request) | {"form": form}
    return render(request, "batches/show_batch.html", context, status=422)


@require_POST
def resume_batch(request: Any, uid: UUID) -> HttpResponse:
    """Let the worker go on."""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=SERVING)
    require_fresh_second_factor(request)
    resumed = services.resume_batch(batch_uid=found_batch(request, uid).uid, by=by)
    messages.success(request, f"Batch {resumed.reference} goes on.")
    return redirect("batches:show_batch", uid=uid)

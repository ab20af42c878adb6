"""The portal: hand in a batch, watch it, fetch the results. The worker issues; this process holds no key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from certification.authorities.selectors import portal_environment
from certification.batches import queueing, results, rules, services
from certification.batches.container import MOST_FAULTS
from certification.batches.forms import BatchForm, PauseForm
from certification.batches.models import Batch
from certification.batches.selectors import visible_to
from certification.batches.services.holding import STOPPED
from certification.batches.states import COMPLETED, ENDED, LIFE_CYCLE, PAUSED
from certification.requests.rules import is_within_target
from certification.requests.sections import sections
from certification.requests.selectors import subscribers_for
from certification.requests.services import SERVING
from certification.requests.suspension import held_by, stopped_words, words_of
from certification.requests.suspension_rules import Service
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.duties.models import Duty
from smki_pma.jobs.selectors import why_last_failed
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors
from smki_pma.ui.paging import keyset_page

PAGE = 25
READERS = (Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)
# Form fields and boundaries around the file.
_AROUND_THE_FILE = 64 * 1024


def visible(request: Any) -> QuerySet[Batch]:
    """The batches that exist for whoever asks."""
    request.acting(*READERS, clause=SERVING)
    return visible_to(request.holdings)


@require_safe
def list_batches(request: Any) -> HttpResponse:
    """The batches of the own Party, or all of them for DCC's officers, newest first."""
    rows = visible(request).defer("faults")
    page = keyset_page(rows, key="id", before=request.GET.get("before"), size=PAGE)
    context = {"page": page, "may_submit": bool(_subscribers(request))} | sections(request)
    return render(request, "batches/list_batches.html", context)


def _subscribers(request: Any) -> list[Any]:
    return subscribers_for(request.user.pk, request.holdings, Policy.DEVICE)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def submit_batch(request: Any) -> HttpResponse:
    """Upload a ZIP of requests for Device Certificates. L8.1(b), L8.2

    Who may not, and a file that is too large, are refused before the file is read; only then does the form's
    token, which is in the body, count (csrf_protect below).
    """
    request.acting(Role.PARTY_OFFICER, clause=SERVING)
    subscribers = _subscribers(request)
    if not subscribers:
        raise NotEntitled(
            "Only a responsible officer of an Authorised Subscriber under the Device Certificate Policy hands "
            "in batches. See Subscribers for where your Party stands.",
            clause=SERVING,
        )
    megabytes = figure("requests.largest_batch_megabytes")
    form = BatchForm(subscribers=subscribers, megabytes=megabytes)
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    if sent > megabytes * rules.MEGABYTE + _AROUND_THE_FILE:
        form = BatchForm({}, subscribers=subscribers, megabytes=megabytes)
        form.errors.clear()
        form.add_error(
            "file", f"The file is larger than {megabytes} MB. Divide the batch and send the parts."
        )
        return _form_page(request, form, status=413)
    return _submit(request, form, subscribers, megabytes)


@csrf_protect
def _submit(request: Any, form: BatchForm, subscribers: list[Any], megabytes: int) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, form)
    form = BatchForm(request.POST, request.FILES, subscribers=subscribers, megabytes=megabytes)
    if form.is_valid():
        with form_errors(form):
            return _answer(request, _hand_in(request, form))
        form.with_new_key()
    return _form_page(request, form, status=422)


def _hand_in(request: Any, form: BatchForm) -> Batch:
    party_id = UUID(form.cleaned_data["subscriber"])
    by = request.acting(Role.PARTY_OFFICER, clause=SERVING, party_id=party_id)
    upload = form.cleaned_data["file"]
    rules.check_file_size(upload.size, megabytes=form.megabytes)
    return services.hand_in_batch(
        party_id=party_id,
        content=upload,
        file_name=form.file_name(),
        submission_key=form.cleaned_data["submission_key"],
        by=by,
    )


def _answer(request: Any, batch: Batch) -> HttpResponse:
    """To the page of the batch; a script that has shown the progress is told where that is."""
    address = reverse("batches:show_batch", args=[batch.uid])
    if request.headers.get("X-Upload"):
        return HttpResponse(status=201, headers={"Location": address})
    return redirect(address)


def _form_page(request: Any, form: BatchForm, *, status: int = 200) -> HttpResponse:
    parties = [UUID(value) for value, _ in form.fields["subscriber"].choices]
    context = {
        "form": form,
        "environment": portal_environment(),
        "largest": figure("requests.largest_batch"),
        "stopped": stopped_words(party_ids=parties, service=Service.BATCH, at=clock.now()),
    }
    return render(request, "batches/submit_batch.html", context, status=status)


def found_batch(request: Any, uid: UUID) -> Batch:
    """The batch, if it exists for whoever asks."""
    return get_object_or_404(visible(request).select_related("submitted_by"), uid=uid)


@require_safe
def show_batch(request: Any, uid: UUID) -> HttpResponse:
    """Where a batch stands, and its results once there are some. L8.3"""
    batch = found_batch(request, uid)
    if batch.single is not None:
        return redirect("requests:request_detail", uid=batch.single.uid)
    context = batch_context(request, batch) | sections(request) | {"form": PauseForm()}
    return render(request, "batches/show_batch.html", context)


@require_safe
def batch_progress(request: Any, uid: UUID) -> HttpResponse:
    """The part of that page that changes while the worker is at it.

    A new state goes into the live region that is on the page: one that is itself replaced is not announced.
    """
    context = batch_context(request, found_batch(request, uid)) | sections(request)
    context["is_new"] = request.GET.get("seen") != context["seen"]
    response = render(request, "batches/batch_progress.html", context)
    response["Cache-Control"] = "no-store"
    return response


def batch_context(request: Any, batch: Batch) -> dict[str, Any]:
    """What the page of a batch shows."""
    now = clock.now()
    is_operator = Role.DCC_CA_OPERATOR in request.roles
    by_now = batch.completed_at or now
    held = None if batch.state in ENDED else _held(batch, at=now)
    return {
        "it": batch,
        "seen": f"{batch.state} {held['clause'] if held else ''}",
        "is_moving": batch.state not in (*ENDED, PAUSED),
        "held": held,
        "percent": rules.compute_percent(answered=batch.answered, count=batch.count),
        "is_late": batch.deadline_at is not None
        and not is_within_target(deadline_at=batch.deadline_at, sent_at=by_now),
        "may_pause": is_operator and LIFE_CYCLE.allows("pause", state=batch.state),
        "may_resume": is_operator and batch.state == PAUSED,
        "cause": _cause(batch) if is_operator and batch.state == PAUSED else "",
        "most_faults": MOST_FAULTS,
        "can_fetch": batch.state == COMPLETED and results.are_kept(batch),
    }


def _cause(batch: Batch) -> str:
    """What stopped a batch, for operators; empty where one of them paused it."""
    is_stopped = Duty.objects.open().about(STOPPED, batch).exists()
    return why_last_failed(queueing.keys_of(batch)) if is_stopped else ""


def _held(batch: Batch, *, at: datetime) -> dict[str, str] | None:
    """The suspension that holds a batch, in words and with its clause. L2.14"""
    suspension = held_by(party_id=batch.party_id, service=Service.BATCH, at=at)
    if suspension is None:
        return None
    words, cited = words_of(suspension)
    return {"words": words, "clause": cited}

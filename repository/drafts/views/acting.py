"""Acting: DCC submits and answers, members propose, the Secretariat checks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from repository.drafts import selectors, services
from repository.drafts.cps import Cps
from repository.drafts.forms import (
    AnswerForm,
    CheckForm,
    CompleteReviewForm,
    LaterAmendmentFormSet,
    ProposeAmendmentForm,
    ProposeLaterForm,
    SubmitDraftForm,
    WithdrawForm,
)
from repository.drafts.models import Draft, Review
from repository.drafts.services.proposing import PROPOSERS
from repository.drafts.states import APPROVED, AWAITING_CHECK, DIRECTED, STATED_MADE, SUBMITTED, TO_BE_MADE
from repository.drafts.views.entrance import confidential, for_the_room, is_of_pma_or_dcc, person_of, tabs
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import address_after, form_errors

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@for_the_room
def submit_draft(request: Any, cps: str) -> HttpResponse:
    """DCC submits the initial draft. L9.9(a)"""
    kind = _cps(cps)
    by = request.acting(Role.DCC_DOCUMENT_OWNER, clause=kind.cited("L9.9(a)"))
    limit = figure("drafts.largest_upload_megabytes")
    form = SubmitDraftForm(request.POST or None, request.FILES or None, cps=kind, max_megabytes=limit)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.submit_draft(
                    cps=kind, file=form.file_received, checklist=form.checklist, by=by
                ),
                url=_address,
            )
            messages.success(request, "The draft is submitted to the SMKI PMA.")
            return redirect(url)
    return _page(request, "drafts/submit_draft.html", form, cps=kind)


@get_or_post
@for_the_room
def propose_later_amendments(request: Any, cps: str) -> HttpResponse:
    """DCC proposes amendments after a review, any number on one page. L9.11(a)"""
    kind = _cps(cps)
    by = request.acting(Role.DCC_DOCUMENT_OWNER, clause=kind.cited("L9.11(a)"))
    sent = request.POST if request.method == "POST" else None
    adding = "add" in request.POST
    formset = LaterAmendmentFormSet(_with_one_more(request.POST) if adding else sent, prefix="amendments")
    form = ProposeLaterForm(sent, cps=kind)
    if sent is not None and not adding and form.is_valid() and formset.is_valid():
        with form_errors(form):
            url = form.act_once(lambda: _propose_later(kind, form, formset, by), url=_address)
            messages.success(request, "The amendments are submitted to the SMKI PMA.")
            return redirect(url)
    context = {"form": form, "formset": formset, "cps": kind, "adding": adding}
    failed = sent is not None and not adding
    return render(request, "drafts/propose_later_amendments.html", context, status=422 if failed else 200)


@get_or_post
@confidential("Proposing an amendment")
def propose_amendment(request: Any, draft: Draft) -> HttpResponse:
    """A member proposes an amendment of the initial draft before the vote. L9.9(b)(ii)"""
    by = request.acting(*PROPOSERS, clause=draft.cited("L9.9(b)(ii)"))
    if done := address_after(request.POST):
        return redirect(done)
    _require_state(draft, SUBMITTED)
    form = ProposeAmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.propose_amendment(
                    draft_id=draft.pk, place=form.cleaned_data["place"], text=form.cleaned_data["text"], by=by
                ),
                url=lambda _: reverse("drafts:list_amendments", args=[draft.pk]),
            )
            messages.success(request, "The amendment is proposed.")
            return redirect(url)
    return _page(request, "drafts/propose_amendment.html", form, draft=draft, tabs=tabs(request, draft))


@get_or_post
@confidential("Answering amendments")
def answer_amendments(request: Any, draft: Draft) -> HttpResponse:
    """DCC uploads the amended document and says where each amendment stands. L9.9(c), L9.11(b)"""
    by = request.acting(Role.DCC_DOCUMENT_OWNER, clause=draft.cited("L9.9(c)"))
    if done := address_after(request.POST):
        return redirect(done)
    _require_state(draft, TO_BE_MADE)
    owed = draft.amendments.filter(state__in=[DIRECTED, APPROVED])
    limit = figure("drafts.largest_upload_megabytes")
    form = AnswerForm(request.POST or None, request.FILES or None, owed=owed, max_megabytes=limit)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.answer_amendments(
                    draft_id=draft.pk, file=form.file_received, statements=form.statements, by=by
                ),
                url=_address,
            )
            messages.success(request, "The amended draft is with the Secretariat for the check.")
            return redirect(url)
    return _page(request, "drafts/answer_amendments.html", form, draft=draft, tabs=tabs(request, draft))


@get_or_post
@confidential("Checking amendments")
def check_amendments(request: Any, draft: Draft) -> HttpResponse:
    """The Secretariat checks the fact beside the comparison. L9.9(c), L9.11(b)"""
    by = request.acting(Role.SECRETARIAT, clause=draft.cited("L9.9(c)"))
    if done := address_after(request.POST):
        return redirect(done)
    _require_state(draft, AWAITING_CHECK)
    stated = list(draft.amendments.filter(state=STATED_MADE))
    files = selectors.files_to_compare(draft, person_of(request))
    form = CheckForm(request.POST or None, stated=stated, initial={"revision_number": files[-1].number})
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(lambda: _checked(form, draft, by), url=lambda _: _address(draft))
            messages.success(request, _outcome(form))
            return redirect(url)
    result = selectors.compared(files[0], files[-1])
    context = {"draft": draft, "tabs": tabs(request, draft), "result": result, "stated": stated}
    return _page(request, "drafts/check_amendments.html", form, **context)


@get_or_post
@confidential("Withdrawing")
def withdraw_draft(request: Any, draft: Draft) -> HttpResponse:
    """DCC takes back what the PMA has not decided on (house rule on L9.9(a), L9.11(a))."""
    by = request.acting(Role.DCC_DOCUMENT_OWNER, clause=draft.cited("L9.9(a)"))
    if done := address_after(request.POST):
        return redirect(done)
    _require_state(draft, SUBMITTED)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.withdraw_draft(draft_id=draft.pk, reason=form.cleaned_data["reason"], by=by),
                url=_address,
            )
            messages.success(request, "The submission is withdrawn. The SMKI PMA is told.")
            return redirect(url)
    context = {"draft": draft, "tabs": tabs(request, draft)}
    context["has_approved"] = draft.amendments.filter(state=APPROVED).exists()
    return _page(request, "drafts/withdraw_draft.html", form, **context)


@get_or_post
@for_the_room
def show_review(request: Any, pk: UUID) -> HttpResponse:
    """A review that the PMA has required; DCC says what it found. L9.10"""
    review = Review.objects.filter(pk=pk).first()
    if review is None or not is_of_pma_or_dcc(request):
        raise Http404
    cps = Cps(review.cps)
    form = CompleteReviewForm(request.POST or None)
    if request.method == "POST":
        by = request.acting(Role.DCC_DOCUMENT_OWNER, clause=cps.cited("L9.10"))
        if form.is_valid():
            with form_errors(form):
                url = form.act_once(
                    lambda: services.complete_review(
                        review_id=review.pk, outcome=form.cleaned_data["outcome"], by=by
                    ),
                    url=lambda done: reverse("drafts:show_review", args=[done.pk]),
                )
                messages.success(request, "The review is complete.")
                return redirect(url)
    completes = Role.DCC_DOCUMENT_OWNER in request.roles and review.done_at is None
    return _page(request, "drafts/show_review.html", form, review=review, cps=cps, completes=completes)


def _propose_later(cps: Cps, form: ProposeLaterForm, formset: Any, by: Actor) -> Draft:
    review = form.cleaned_data.get("review")
    return services.propose_later_amendments(
        cps=cps,
        amendments=[one.proposed for one in formset if one.has_changed()],
        review_outcome=form.cleaned_data["review_outcome"],
        review_id=review.pk if review else None,
        by=by,
    )


def _checked(form: CheckForm, draft: Draft, by: Actor) -> object:
    cleaned = form.cleaned_data
    if cleaned["outcome"] == "return":
        return services.return_amendments(
            draft_id=draft.pk,
            revision_number=cleaned["revision_number"],
            missing=form.missing,
            other_changes=cleaned["other_changes"],
            by=by,
        )
    return services.confirm_amendments(
        draft_id=draft.pk,
        revision_number=cleaned["revision_number"],
        each_made="each_made" in cleaned["facts"],
        nothing_else_changed="nothing_else" in cleaned["facts"],
        by=by,
    )


def _outcome(form: CheckForm) -> str:
    if form.cleaned_data["outcome"] == "return":
        return "The draft is back with DCC."
    return "The amended text is the CPS in force."


def _page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(
        request, template, {"form": form, **context}, status=422 if request.method == "POST" else 200
    )


def _address(draft: Draft) -> str:
    return reverse("drafts:show_draft", args=[draft.pk])


def _cps(name: str) -> Cps:
    try:
        return Cps(name)
    except ValueError:
        raise Http404 from None


def _require_state(draft: Draft, state: str) -> None:
    """A page of a step that is over says so instead of showing a form that must fail."""
    if draft.state != state:
        raise RuleViolation(
            f"This step is not open: the draft is “{draft.state_title.lower()}”. Go to its overview.",
            clause=draft.cited("L9.9" if draft.is_initial else "L9.11"),
        )


def _with_one_more(sent: QueryDict) -> QueryDict:
    """The form set as sent, with an empty amendment at its end."""
    more = sent.copy()
    total = sent.get("amendments-TOTAL_FORMS", "")[:4]
    more["amendments-TOTAL_FORMS"] = str(min(int(total) + 1 if total.isdecimal() else 1, 50))
    return more

"""The lint report: how far the background lint has come, what it found, and what operators said of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.linting.allowed import ALLOWED
from certification.linting.forms import JudgementForm
from certification.linting.models import LintRun, Subject
from certification.linting.permissions import CLAUSE, JUDGES, READERS
from certification.linting.selectors import findings_of, latest_runs, progress, runs_with_findings
from certification.linting.services import judge_run as judge
from smki_pma.ui.forms import form_errors

_LATEST_RUNS, _RUNS_ON_A_PAGE, _FINDINGS_ON_A_PAGE = 5, 20, 50


@require_safe
def show_report(request: Any) -> HttpResponse:
    """Counts, findings and the last id linted. L3.5"""
    request.acting(*READERS, clause=CLAUSE)
    found = Paginator(runs_with_findings(), _RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "progress": [progress(subject) for subject in Subject],
        "found": found,
        "latest": latest_runs(_LATEST_RUNS),
        "allowed": ALLOWED,
    }
    return render(request, "linting/show_report.html", context)


@require_safe
def show_run(request: Any, pk: int) -> HttpResponse:
    """One run with what it found."""
    request.acting(*READERS, clause=CLAUSE)
    return _page(
        request, get_object_or_404(LintRun.objects.select_related("judged_by"), pk=pk), JudgementForm()
    )


@require_POST
def judge_run(request: Any, pk: int) -> HttpResponse:
    """An operator says what the findings mean."""
    by = request.acting(*JUDGES, clause=CLAUSE)
    run, form = get_object_or_404(LintRun, pk=pk), JudgementForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            judge(run_id=run.pk, judgement=form.cleaned_data["judgement"], by=by)
            messages.success(request, f"{run} is judged.")
            return redirect("linting:show_run", pk=run.pk)
    return _page(request, run, form)


def _page(request: Any, run: LintRun, form: JudgementForm) -> HttpResponse:
    findings = Paginator(findings_of(run), _FINDINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    may_judge = run.awaits_judgement and bool(request.roles & set(JUDGES))
    context = {"run": run, "findings": findings, "form": form, "may_judge": may_judge}
    return render(request, "linting/show_run.html", context, status=422 if form.is_bound else 200)

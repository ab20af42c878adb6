"""Every component on one page, and every refusal, for the tests of the interface itself."""

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ui.choices import Hinted
from smki_pma.ui.fields import DayField, MomentField
from smki_pma.ui.forms import SubmitOnceForm, form_errors
from smki_pma.urls import urlpatterns as of_the_project

HAPPENED_AT = datetime(2026, 11, 22, 14, 15, tzinfo=UTC)
POSITIONS = [
    ("for", Hinted("For", hint="The draft becomes the Device CPS.")),
    ("against", Hinted("Against", hint="Nothing changes.")),
    ("abstain", Hinted("Abstain", or_before=True)),
]


class EveryField(SubmitOnceForm):
    field_options = {
        "name": {"width": 20},
        "position": {"size": "m"},
        "agreed": {"inline": True},
        "reason": {"count": True},
        "notice": {"width": 3, "suffix": "Working Days"},
    }
    name = forms.CharField(help_text="As it stands in the appointment.")
    position = forms.ChoiceField(label="How do you vote?", choices=POSITIONS, widget=forms.RadioSelect)
    agreed = forms.ChoiceField(
        label="Do you have a conflict of interest?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[("cps", "The CPS"), ("keys", "Keys")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply.",
    )
    reason = forms.CharField(widget=forms.Textarea, max_length=200, required=False)
    held_on = DayField(label="Date of the meeting", help_text="For example, 27 3 2027.")
    starts_at = MomentField(label="Start of the meeting")
    draft = forms.FileField(label="The draft", help_text="PDF, DOCX or ODT, up to 50 MB.")
    notice = forms.IntegerField(label="Notice")
    seat = forms.ChoiceField(label="Seat", choices=[("", "Choose a seat"), ("chair", "Chair")])
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    confirmed = forms.BooleanField(label="I have read the draft")


ENTRIES = [
    {
        "title": "Draft submitted",
        "at": HAPPENED_AT,
        "by": "Dana Clarke, DCC document owner",
        "text": "Version 1 of the Device CPS.",
        "clause": "L9.7",
        "number": 0,
    },
    {"title": "Meeting convened", "at": HAPPENED_AT, "url": "/components/"},
]


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    form = EveryField(request.POST or None, request.FILES or None)
    if form.is_valid():
        with form_errors(form):
            raise RuleViolation("The vote is closed. Ask the Chair.", clause="L1.13", field="position")
    messages.success(request, "The draft was submitted.")
    messages.warning(request, "Quorum would be lost if you left now.")
    context = {
        "form": form,
        "entries": ENTRIES,
        "page": Paginator(range(200), 10).get_page(request.GET.get("page")),
        "at": HAPPENED_AT,
        "sections": [("Overview", "/components/"), ("Votes", "/components/votes/")],
        "states": [
            "draft",
            "open",
            "waiting",
            "published",
            "in force",
            "overdue",
            "suspended",
            "confidential",
        ],
    }
    return render(request, "components.html", context, status=422 if form.errors else 200)


@login_not_required
def violate(request: HttpRequest) -> HttpResponse:
    raise RuleViolation("A quorum is needed. Wait until four members are present.", clause="L1.13")


@login_not_required
def deny(request: HttpRequest) -> HttpResponse:
    raise NotEntitled("Only the Chair opens a vote.", clause="L1.13", hidden="hidden" in request.GET)


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("the secret word")


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


urlpatterns = [
    path("components/", components),
    path("refused/rule/", violate),
    path("refused/office/", deny),
    path("refused/fault/", fail),
    path("refused/form/", form),
    path("api/rule/", violate),
    path("api/office/", deny),
    *of_the_project,
]
handler400 = "smki_pma.ui.refusals.bad_request"
handler403 = "smki_pma.ui.refusals.permission_denied"
handler404 = "smki_pma.ui.refusals.page_not_found"

"""The community: people, organisations, Parties, Voting Groups. For the Secretariat and the Code Administrator."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties import services
from smki_pma.parties.appointments import BY_PMA
from smki_pma.parties.forms import (
    ClassifyForm,
    CorrectPersonForm,
    GroupForm,
    NonWorkingDayForm,
    OrganisationForm,
    PartyForm,
    PersonForm,
    RemoveDayForm,
    VotingGroupForm,
)
from smki_pma.parties.models import Holding, Organisation, Party, Person, VotingGroup
from smki_pma.parties.roles import Role
from smki_pma.parties.rules import APPOINTMENTS, RECORDERS
from smki_pma.rules_in_force.models import NonWorkingDay
from smki_pma.rules_in_force.services import add_non_working_day, remove_non_working_day
from smki_pma.ui.forms import SubmitOnceForm, form_errors

READERS = (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.PANEL_OFFICER)
CLERKS = (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR)
HISTORY_READERS = (*CLERKS, Role.AUDITOR)
ENTERERS = (*READERS, Role.PARTY_OFFICER, Role.DCC_DOCUMENT_OWNER)
READ = "L1.3"


def act(
    request: HttpRequest,
    form: forms.Form,
    service: Callable[[dict[str, Any]], Any],
    *,
    to: Callable[[Any], str],
    done: str,
    page: dict[str, Any],
) -> HttpResponse:
    """Show a form, or act on it: then go to `to` with the words `done`, or show what is wrong (422)."""
    if form.is_bound and form.is_valid():
        with form_errors(form):
            if isinstance(form, SubmitOnceForm):
                address = form.act_once(lambda: service(form.cleaned_data), url=to)
            else:
                address = to(service(form.cleaned_data))
        if form.is_valid():
            messages.success(request, done)
            return redirect(address)
    status = 422 if form.is_bound else 200
    return render(request, "parties/form.html", {"form": form, **page}, status=status)


def pk_of(chosen: Any) -> UUID | None:
    return chosen.pk if chosen is not None else None


@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """Everybody, with the offices held now."""
    request.acting(*READERS, clause=READ)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]  # PostgreSQL refuses NUL
    people = Person.objects.select_related("employer")
    if words:
        people = people.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(employer__name__icontains=words)
        )
    page = Paginator(people, 50).get_page(request.GET.get("page"))
    held = Holding.objects.at(clock.now()).filter(person__in=list(page))
    held = held.select_related("office", "party__organisation", "for_holding__office")
    titles: dict[UUID, list[str]] = {}
    for holding in held:
        titles.setdefault(holding.person_id, []).append(holding.title)
    rows = [(person, titles.get(person.pk, [])) for person in page]
    return render(request, "parties/list_people.html", {"page": page, "rows": rows, "words": words})


@require_safe
def show_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person and every office held over time."""
    request.acting(*READERS, clause=READ)
    person = get_object_or_404(Person.objects.select_related("employer"), pk=person_id)
    holdings = Holding.objects.filter(person=person).order_by("-starts_at")
    holdings = holdings.select_related("office", "party__organisation", "for_holding__office")
    context = {
        "person": person,
        "holdings": holdings,
        "endable": _endable(request, holdings),
        "may_change": bool(request.roles & set(CLERKS)),
        "reads_history": bool(request.roles & set(HISTORY_READERS)),
    }
    return render(request, "parties/show_person.html", context)


def _endable(request: HttpRequest, holdings: Iterable[Holding]) -> set[UUID]:
    """The holdings whose end is the signed-in person's to record: the pages offer nothing that is refused."""
    at = clock.now()
    lasting = [each for each in holdings if each.ends_at is None or each.ends_at > at]
    return {each.pk for each in lasting if _may_end(request, each)}


def _may_end(request: HttpRequest, holding: Holding) -> bool:
    how = APPOINTMENTS.get(holding.role)
    if how is None or holding.appointed_by == BY_PMA:
        return False
    if how.own_party and not request.roles & set(CLERKS):
        held = [own for own in request.holdings if own.party_id == holding.party_id]
        return any(own.role in how.recorded_by for own in held)
    return bool(request.roles & set(how.recorded_by))


def people_or_account(request: HttpRequest) -> tuple[str, str]:
    """Where a page about people leads back to: an officer of a Party does not read the list of all people."""
    if request.roles & set(READERS):
        return reverse("parties:list_people"), "People"
    return reverse("show_account"), "Your account"


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    by = request.acting(*ENTERERS, clause="L1.4")
    form = PersonForm(request.POST or None)
    return act(
        request,
        form,
        lambda data: services.add_person(
            email=data["email"], name=data["name"], employer_id=pk_of(data["employer"]), by=by
        ),
        to=lambda made: f"{reverse('parties:appoint')}?person={made.pk}",
        done="The person is entered. Now give an office: without one nobody can sign in.",
        page={
            "title": "Enter a person",
            "button": "Enter the person",
            "clause": "L1.4",
            "back": people_or_account(request),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.12(c)")
    person = get_object_or_404(Person, pk=person_id)
    start = {"name": person.name, "email": person.email, "employer": person.employer_id}
    form = CorrectPersonForm(request.POST or None, initial=start, has_accepted=person.has_accepted)
    return act(
        request,
        form,
        lambda data: services.correct_person(
            person_id=person.pk,
            name=data["name"],
            employer_id=pk_of(data["employer"]),
            email=data.get("email"),
            by=by,
        ),
        to=lambda made: reverse("parties:show_person", args=[person_id]),
        done="The correction is recorded.",
        page={
            "title": f"Correct {person.name}",
            "button": "Save",
            "clause": "L1.12(c)",
            "back": (reverse("parties:show_person", args=[person_id]), person.name),
        },
    )


@require_safe
def list_organisations(request: HttpRequest) -> HttpResponse:
    """Organisations, Parties or not, by corporate group."""
    request.acting(*READERS, clause=READ)
    rows = Organisation.objects.select_related("parent", "party").order_by("name")
    context = {
        "organisations": rows,
        "may_change": bool(request.roles & set(CLERKS)),
        "reads_history": bool(request.roles & set(HISTORY_READERS)),
    }
    return render(request, "parties/list_organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_organisation(request: HttpRequest) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.12(c)")
    return act(
        request,
        OrganisationForm(request.POST or None),
        lambda data: services.record_organisation(name=data["name"], parent_id=pk_of(data["parent"]), by=by),
        to=lambda made: reverse("parties:list_organisations"),
        done="The organisation is entered.",
        page={
            "title": "Enter an organisation",
            "button": "Enter the organisation",
            "clause": "L1.12(c)",
            "back": (reverse("parties:list_organisations"), "Organisations"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def regroup_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.12(c)")
    organisation = get_object_or_404(Organisation, pk=organisation_id)
    form = GroupForm(request.POST or None, initial={"parent": organisation.parent_id})
    return act(
        request,
        form,
        lambda data: services.regroup_organisation(
            organisation_id=organisation_id, parent_id=pk_of(data["parent"]), by=by
        ),
        to=lambda made: reverse("parties:list_organisations"),
        done="The corporate group is changed.",
        page={
            "title": f"Change the group of {organisation}",
            "button": "Save",
            "clause": "L1.12(c)",
            "back": (reverse("parties:list_organisations"), "Organisations"),
        },
    )


@require_safe
def list_parties(request: HttpRequest) -> HttpResponse:
    """Parties with category, Voting Group and the tests completed."""
    request.acting(*READERS, clause=READ)
    parties = Party.objects.select_related("organisation__parent", "voting_group")
    context = {
        "parties": parties,
        "voting_groups": VotingGroup.objects.prefetch_related("parties__organisation"),
        "may_change": bool(request.roles & set(CLERKS)),
    }
    return render(request, "parties/list_parties.html", context)


@require_safe
def show_party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """One Party with its officers over time; a Party's own officers see it too."""
    if party_id not in {holding.party_id for holding in request.holdings}:
        request.acting(*READERS, clause=READ)
    party = get_object_or_404(
        Party.objects.select_related("organisation__parent", "voting_group"), pk=party_id
    )
    holdings = Holding.objects.filter(party=party).select_related("office", "person").order_by("-starts_at")
    context = {
        "party": party,
        "holdings": holdings,
        "endable": _endable(request, holdings),
        "may_appoint": bool(request.roles & set(RECORDERS)),
        "may_change": bool(request.roles & set(CLERKS)),
        "reads_history": bool(request.roles & set(HISTORY_READERS)),
    }
    return render(request, "parties/show_party.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_party(request: HttpRequest) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.9")
    return act(
        request,
        PartyForm(request.POST or None),
        lambda data: services.record_party(
            organisation_id=data["organisation"].pk,
            category=data["category"],
            voting_group_id=pk_of(data["voting_group"]),
            by=by,
        ),
        to=lambda made: reverse("parties:show_party", args=[made.pk]),
        done="The Party is entered.",
        page={
            "title": "Enter a Party",
            "button": "Enter the Party",
            "clause": "L1.9",
            "back": (reverse("parties:list_parties"), "Parties"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reclassify_party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.9")
    party = get_object_or_404(Party.objects.select_related("organisation"), pk=party_id)
    start = {"category": party.category, "voting_group": party.voting_group_id}
    return act(
        request,
        ClassifyForm(request.POST or None, initial=start),
        lambda data: services.reclassify_party(
            party_id=party_id, category=data["category"], voting_group_id=pk_of(data["voting_group"]), by=by
        ),
        to=lambda made: reverse("parties:show_party", args=[party_id]),
        done="The Party's category and Voting Group are recorded.",
        page={
            "title": f"Classify {party}",
            "button": "Save",
            "clause": "L1.9",
            "back": (reverse("parties:show_party", args=[party_id]), str(party)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_voting_group(request: HttpRequest) -> HttpResponse:
    by = request.acting(*CLERKS, clause="L1.9")
    return act(
        request,
        VotingGroupForm(request.POST or None),
        lambda data: services.record_voting_group(name=data["name"], category=data["category"], by=by),
        to=lambda made: reverse("parties:list_parties"),
        done="The Voting Group is entered.",
        page={
            "title": "Enter a Voting Group",
            "button": "Enter the Voting Group",
            "clause": "L1.9",
            "back": (reverse("parties:list_parties"), "Parties"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_day(request: HttpRequest) -> HttpResponse:
    """The Secretariat adds a one-off day that is not a Working Day."""
    by: Actor = request.acting(Role.SECRETARIAT, clause="L1.15")
    return act(
        request,
        NonWorkingDayForm(request.POST or None),
        lambda data: add_non_working_day(day=data["day"], reason=data["reason"], by=by),
        to=lambda made: f"{reverse('rules_in_force:list_rules')}#days",
        done="The day is not a Working Day.",
        page={
            "title": "Add a one-off day",
            "intro": "The day will not count as a Working Day. Deadlines that are set already do not move.",
            "button": "Add the day",
            "back": (reverse("rules_in_force:list_rules"), "Rules in force"),
            "clause": "L1.15",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_day(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """The Secretariat takes a one-off day off the list before it has come."""
    by: Actor = request.acting(Role.SECRETARIAT, clause="L1.15")
    each = get_object_or_404(NonWorkingDay, pk=day_id)
    return act(
        request,
        RemoveDayForm(request.POST or None),
        lambda data: remove_non_working_day(day_id=day_id, reason=data["reason"], by=by),
        to=lambda made: f"{reverse('rules_in_force:list_rules')}#days",
        done="The day is off the list.",
        page={
            "title": f"Remove {each.day:%-d %B %Y} from the list",
            "intro": f"It was added for this reason: {each.reason}. Deadlines that are set already do not move.",
            "button": "Remove the day",
            "back": (reverse("rules_in_force:list_rules"), "Rules in force"),
            "kind": "warning",
            "clause": "L1.15",
        },
    )

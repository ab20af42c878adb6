"""What the rows of the community looked like before and after each change."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from smki_pma.ledger.row_changes import Rows, changes_of
from smki_pma.parties.models import Holding, Organisation, Party, Person, VotingGroup
from smki_pma.parties.views import CLERKS, HISTORY_READERS, READ

OF_A_PARTY = {
    "voting_group": "Voting Group",
    "device_tests_confirmed_at": "Entry tests, Device",
    "organisation_tests_confirmed_at": "Entry tests, Organisation",
    "repository_tests_confirmed_at": "Entry tests, Repository",
}
OF_A_HOLDING = {
    "party": "Party",
    "for_holding": "Alternate for",
    "starts_at": "From",
    "term_ends_at": "Term ends",
    "ends_at": "Until",
    "confirmed_at": "Member Confirmation",
    "ended_reason": "Why it ended",
}
OF_AN_ORGANISATION = {"parent": "Parent company"}
OF_A_PERSON = {"email": "E-mail address", "is_active": "Can sign in"}
COPIED_FROM_THE_OFFICE = ("is_single", "is_seat")


@require_safe
def list_histories(request: Any) -> HttpResponse:
    """The people, organisations and Parties whose history can be read."""
    request.acting(*HISTORY_READERS, clause=READ)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]  # PostgreSQL refuses NUL
    people = Person.objects.filter(Q(name__icontains=words) | Q(employer__name__icontains=words))
    context = {
        "words": words,
        "organisations": Organisation.objects.filter(name__icontains=words).select_related("party"),
        "people": Paginator(people, 50).get_page(request.GET.get("page")),
    }
    return render(request, "parties/list_histories.html", context)


@require_safe
def show_person_history(request: Any, person_id: UUID) -> HttpResponse:
    """The changes of a person and of the offices that he or she has held."""
    request.acting(*HISTORY_READERS, clause=READ)
    person = get_object_or_404(Person, pk=person_id)
    holdings = Holding.objects.filter(person=person)
    told = [
        Rows(model=Person, names={person.pk: person.name}, words=OF_A_PERSON),
        _holdings(holdings, of_a_person=True),
    ]
    return _page(request, str(person), told, reverse("parties:show_person", args=[person.pk]))


@require_safe
def show_organisation_history(request: Any, organisation_id: UUID) -> HttpResponse:
    """The changes of an organisation."""
    request.acting(*HISTORY_READERS, clause=READ)
    organisation = get_object_or_404(Organisation, pk=organisation_id)
    told = [_organisation(organisation)]
    return _page(request, str(organisation), told, reverse("parties:list_organisations"))


@require_safe
def show_party_history(request: Any, party_id: UUID) -> HttpResponse:
    """The changes of a Party, its organisation, its Voting Group and the offices held for it."""
    request.acting(*HISTORY_READERS, clause=READ)
    party = get_object_or_404(Party.objects.select_related("organisation", "voting_group"), pk=party_id)
    groups = [party.voting_group] if party.voting_group is not None else []
    told = [
        Rows(model=Party, names={party.pk: "Party"}, words=OF_A_PARTY),
        _organisation(party.organisation),
        Rows(model=VotingGroup, names={group.pk: f"Voting Group {group}" for group in groups}),
        _holdings(Holding.objects.filter(party=party), of_a_person=False),
    ]
    return _page(request, str(party), told, reverse("parties:show_party", args=[party.pk]))


def _organisation(organisation: Organisation) -> Rows:
    return Rows(model=Organisation, names={organisation.pk: "Organisation"}, words=OF_AN_ORGANISATION)


def _holdings(holdings: QuerySet[Holding], *, of_a_person: bool) -> Rows:
    found = holdings.select_related("office", "person", "party__organisation", "for_holding__office")
    names = {each.pk: each.title if of_a_person else str(each) for each in found}
    return Rows(model=Holding, names=names, words=OF_A_HOLDING, hidden=COPIED_FROM_THE_OFFICE)


def _page(request: Any, title: str, told: list[Rows], back: str) -> HttpResponse:
    """back: where the row's own page is, for those who may open it."""
    page = Paginator(changes_of(*told), 50).get_page(request.GET.get("page"))
    clerk = bool(request.roles & set(CLERKS))
    context = {"name": title, "page": page, "back": back if clerk else reverse("parties:list_histories")}
    return render(request, "parties/show_history.html", context)

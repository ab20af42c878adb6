"""Signing in: by password or passkey; in the sample community also by a click on a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from smki_pma.calendar import clock
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import DCC_STAFF, Role
from smki_pma.rules_in_force.selectors import figure

GROUPS: tuple[tuple[str, frozenset[Role]], ...] = (
    (
        "SMKI PMA",
        frozenset({Role.PMA_CHAIR, Role.PMA_MEMBER, Role.ALTERNATE, Role.SMKI_SPECIALIST}),
    ),
    (
        "Secretariat, Code Administrator and Panel",
        frozenset({Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.PANEL_OFFICER}),
    ),
    ("DCC", DCC_STAFF),
    ("Parties", frozenset({Role.PARTY_OFFICER})),
    ("Assurance and audit", frozenset({Role.ASSURANCE_PROVIDER, Role.AUDITOR})),
)


@dataclass(slots=True)
class Entry:
    """A person on the sample community's list, with the offices held."""

    person: Person
    offices: list[str]


@dataclass(slots=True)
class Group:
    title: str
    people: list[Entry]


class SignInView(LoginView):
    """allauth's sign-in, with the rule on locking and, in the sample community, the list of people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        tries, minutes = figure("accounts.wrong_passwords"), figure("accounts.lock_minutes")
        context["lock_rule"] = (
            f"{tries} wrong passwords within an hour lock the account for {minutes} minutes."
        )
        if settings.SMKI_SAMPLE_COMMUNITY:
            context["sample_people"] = sample_people()
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


sign_in = SignInView.as_view()


class SecondFactorView(IndexView):
    """allauth's page of second factors, which says so where one is missing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["second_factor_missing"] = settings.SMKI_MFA_REQUIRED and not context["is_mfa_enabled"]
        return context


second_factor = SecondFactorView.as_view()


def sample_people() -> list[Group]:
    """Everybody who holds an office now, under the first group that one of the offices belongs to."""
    held = Holding.objects.at(clock.now()).select_related(
        "office", "person", "party__organisation", "for_holding__office"
    )
    people: dict[UUID, tuple[Person, list[Holding]]] = {}
    for holding in held.order_by("office__position", "person__name"):
        people.setdefault(holding.person_id, (holding.person, []))[1].append(holding)
    return [group for title, roles in GROUPS if (group := _group(title, roles, people.values())).people]


def _group(title: str, roles: frozenset[Role], people: Iterable[tuple[Person, list[Holding]]]) -> Group:
    entries = [
        Entry(person, [holding.title for holding in holdings])
        for person, holdings in people
        if holdings[0].role in roles
    ]
    return Group(title, entries)


@require_POST
@login_not_required
def sign_in_as(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One click signs you in, in the sample community and nowhere else."""
    if not settings.SMKI_SAMPLE_COMMUNITY:
        raise Http404
    person = get_object_or_404(Person, pk=person_id, is_active=True)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return perform_login(request, Login(user=person, redirect_url=target if safe else None))


@require_safe
def show_account(request: HttpRequest) -> HttpResponse:
    """The signed-in person's offices and ways of signing in."""
    return render(request, "parties/show_account.html", {"holdings": request.holdings})

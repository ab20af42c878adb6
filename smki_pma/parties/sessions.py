"""A session lives as long as the office behind it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from smki_pma.calendar import clock
from smki_pma.parties.models import Holding, Person

# What a person without a second factor may open: the pages that set one up, and the way out.
SETTING_UP = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


def holds_office(person: Person) -> bool:
    """Whether any office is the person's now; one taken up but not yet confirmed counts, so as to confirm (C6.9)."""
    return Holding.objects.at(clock.now()).filter(person=person, person__is_active=True).exists()


def end_sessions(person: Person) -> int:
    """End every session of a person who holds no office any more. Returns how many ended."""
    if holds_office(person):
        return 0
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def no_office_page(request: HttpRequest) -> HttpResponse:
    """The page that says why somebody cannot be signed in."""
    return render(request, "account/account_inactive.html", status=403)


class OfficeMiddleware:
    """Signs out whoever holds no office any more; sends to set-up whoever lacks a required second factor.

    Lets nothing that a signed-in person saw be stored, unless a view says otherwise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What a signed-in person saw must not come back from a browser's or proxy's store after the session.
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, Person):
            return None
        if not request.holdings and not holds_office(person):
            logout(request)
            return no_office_page(request)
        if settings.SMKI_MFA_REQUIRED and not self._may_open(request) and not is_mfa_enabled(person):
            return redirect("mfa_index")
        return None

    def _may_open(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is not None and match.view_name in SETTING_UP

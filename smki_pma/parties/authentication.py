"""Proof, at the moment of an act, that it is really the person."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person's acts ask for a second factor: required by settings, or set up by choice."""
    return bool(settings.SMKI_MFA_REQUIRED) or is_mfa_enabled(request.user)


def has_fresh_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session within the last minutes."""
    records = get_authentication_records(request, request.user)
    given = [float(record["at"]) for record in records if record.get("method") == "mfa"]
    return bool(given) and time.time() - given[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def require_fresh_second_factor(request: HttpRequest) -> None:
    """Ask for a fresh second factor before a vote, a ceremony or a release, where MFA is on.

    Returns when there is one. Otherwise raises what allauth's middleware turns into a redirect to the
    page that asks; a POST is kept meanwhile and carried on afterwards.
    """
    if needs_second_factor(request) and not has_fresh_second_factor(request):
        raise ReauthenticationRequired

"""Checks at start: the sample community and production exclude each other, and production needs MFA."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register

from smki_pma.settings.environment import Environment


@register(Tags.security)
def check_sample_community(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The sample community signs anybody in with one click."""
    if settings.SMKI_SAMPLE_COMMUNITY and Environment().profile == "production":
        return [
            Critical(
                "The sample community is on in production: anybody could sign in as anybody.",
                hint="Set SMKI_SAMPLE_COMMUNITY=false.",
                id="parties.E001",
            )
        ]
    return []


@register(Tags.security)
def check_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside the sample community every office needs a second factor."""
    if not settings.SMKI_SAMPLE_COMMUNITY and not settings.SMKI_MFA_REQUIRED:
        return [
            Critical(
                "Real people work here but no second factor is required.",
                hint="Set SMKI_MFA_REQUIRED=true.",
                id="parties.E002",
            )
        ]
    return []

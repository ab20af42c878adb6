"""Credentials for the SMKI Service Interface: a Party's own, and all of them for DCC."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def list_credentials(request: Any) -> HttpResponse:
    """The credentials that the person may see."""
    return render(request, "service_interface/list_credentials.html", {})

"""Pages that explain the service: public, without data."""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def how_this_works(request: HttpRequest) -> HttpResponse:
    return render(request, "website/how_this_works.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "website/accessibility.html", {"secretariat_email": _secretariat()})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "website/privacy.html", {"secretariat_email": _secretariat()})


def _secretariat() -> str:
    """The address that the service's own mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

"""Where everybody starts: the public page, or For you."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from smki_pma.calendar import clock
from smki_pma.governance.meetings.models import Meeting
from smki_pma.governance.membership.selectors import seats_at


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public face; somebody signed in starts with For you instead."""
    if request.user.is_authenticated:
        return redirect("duties:for_you")
    public = Meeting.objects.exclude(state__in=["draft", "cancelled"])
    at = clock.now()
    context = {
        "seats": seats_at(),
        "coming": public.filter(starts_at__gte=at).order_by("starts_at")[:3],
        "held": public.filter(starts_at__lt=at).order_by("-starts_at")[:3],
    }
    return render(request, "website/home.html", context)

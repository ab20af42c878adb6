"""The inbox of notices, and what one wants by e-mail."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.calendar import clock
from smki_pma.notices.delivery import choose
from smki_pma.notices.forms import PreferenceForm
from smki_pma.notices.models import Delivery, DeliveryState, NoticeKind
from smki_pma.notices.preferences import choice_of
from smki_pma.parties.roles import Role


@require_safe
def list_notices(request: Any) -> HttpResponse:
    """The signed-in person's notices, newest first."""
    mine = Delivery.objects.filter(person=request.user).select_related("notice")
    page = Paginator(mine, 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "unread": mine.filter(read_at__isnull=True).count(),
        "is_secretariat": Role.SECRETARIAT in request.roles,
    }
    return render(request, "notices/list_notices.html", context)


@require_safe
def list_undelivered(request: Any) -> HttpResponse:
    """The formal notices whose e-mail could not be sent, for the Secretariat to reach the recipients otherwise."""
    request.acting(Role.SECRETARIAT, clause="L1.15")
    failed = Delivery.objects.filter(notice__kind=NoticeKind.FORMAL, state=DeliveryState.FAILED)
    page = Paginator(failed.select_related("notice", "person"), 30).get_page(request.GET.get("page"))
    return render(request, "notices/list_undelivered.html", {"page": page})


@require_safe
def show_notice(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One notice; opening it marks it as read. Somebody else's does not exist."""
    found = Delivery.objects.select_related("notice")
    delivery = get_object_or_404(found, pk=delivery_id, person=request.user)
    if delivery.read_at is None:
        delivery.read_at = clock.now()
        delivery.save(update_fields=["read_at"])
    return render(request, "notices/show_notice.html", {"delivery": delivery, "notice": delivery.notice})


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    Delivery.objects.filter(person=request.user, read_at__isnull=True).update(read_at=clock.now())
    messages.success(request, "Everything is marked as read.")
    return redirect("notices:list_notices")


@require_http_methods(["GET", "HEAD", "POST"])
def change_preferences(request: HttpRequest) -> HttpResponse:
    """Which reminders come by e-mail."""
    form = PreferenceForm(request.POST or None, initial={"reminders": choice_of(request.user)})
    if form.is_valid():
        choose(request.user, form.cleaned_data["reminders"])
        messages.success(request, "Your choice is kept.")
        return redirect("notices:change_preferences")
    status = 422 if form.is_bound else 200
    return render(request, "notices/change_preferences.html", {"form": form}, status=status)

"""Pages of signed documents."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smki_pma.files import store
from smki_pma.ledger.actors import Actor
from smki_pma.records import selectors
from smki_pma.records.models import Record
from smki_pma.records.readers import may_read
from smki_pma.records.services import read_record


@login_not_required
@require_safe
def show_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One document: its state, its hash, and how to check it."""
    record = _readable(request.user, record_id)
    if record is None:
        return _turned_away(request)
    context = {"record": record, "keys": selectors.document_keys()}
    return render(request, "records/show_record.html", context)


@login_not_required
@require_safe
def download_record(request: HttpRequest, record_id: UUID) -> HttpResponseBase:
    """The PDF, checked against its hash; reading one that is not for everybody is logged."""
    record = _readable(request.user, record_id)
    if record is None:
        return _turned_away(request)
    if not record.is_made:
        raise Http404
    stream = store.open_verified(record.sha256)
    if record.audience != "public":
        read_record(record=record, by=_reader(request))
    return FileResponse(stream, as_attachment=True, filename=record.file_name, content_type="application/pdf")


@login_not_required
@require_safe
def show_certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that documents are signed with, the one in use first, as PEM."""
    pem = "".join(key.certificate_pem for key in selectors.document_keys())
    if not pem:
        raise Http404
    return HttpResponse(pem, content_type="application/x-pem-file")


def _readable(user: Any, record_id: UUID) -> Record | None:
    record = Record.objects.filter(pk=record_id).first()
    return record if record is not None and may_read(user, record) else None


def _turned_away(request: HttpRequest) -> HttpResponse:
    """Signed out, sign in, whether or not it exists; signed in, it does not exist for you."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())


def _reader(request: Any) -> Actor:
    holding = next(iter(getattr(request, "holdings", [])), None)
    return Actor(
        person_id=request.user.pk,
        name=str(request.user),
        role=str(holding.role) if holding else "reader",
        holding_id=holding.pk if holding else None,
    )

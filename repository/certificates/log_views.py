"""The certificate log: checkpoints for everybody, Certificates and proofs for those who read the Repository."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from repository.certificates import proofs
from repository.certificates.encoding import Download
from repository.certificates.forms import IssuedForm
from repository.certificates.identifiers import format_eui64
from repository.certificates.models import Certificate
from repository.certificates.proofs import Issued
from repository.certificates.selectors import status_at
from repository.documents.access import log_read, reading_required
from smki_pma.calendar import clock
from smki_pma.ledger import checkpoints, keys, store
from smki_pma.ledger.addresses import tile_address
from smki_pma.ledger.logs import CERTIFICATES
from smki_pma.ledger.machine_views import (
    checkpoint_of,
    consistency_of,
    keys_of,
    machine_view,
    plain_refusals,
)
from smki_pma.ledger.proofs import TILE_WIDTH, tile

View = Callable[..., Any]


def reader_view(view: View) -> View:
    """A page for the programs of those who read the Repository. L5.5, L5.6"""
    return plain_refusals(require_safe(reading_required(view)))


@login_not_required
@require_safe
def show_log(request: HttpRequest) -> HttpResponse:
    """What the certificate log is, how far it is signed, and how somebody outside checks it."""
    context = {
        "checkpoint": checkpoints.latest(CERTIFICATES),
        "size": store.size_of(CERTIFICATES),
        "vkeys": keys.published_vkeys(CERTIFICATES),
        "origin": CERTIFICATES.origin,
    }
    return render(request, "certificates/show_log.html", context)


@machine_view
def show_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head of the certificate log (C2SP tlog-checkpoint)."""
    return checkpoint_of(CERTIFICATES)


@machine_view
def prove_consistency(request: HttpRequest) -> HttpResponse:
    """That the certificate log of one size begins with that of another: ?from=n&to=m."""
    return consistency_of(CERTIFICATES, request)


@machine_view
def show_key(request: HttpRequest) -> HttpResponse:
    """The public keys under the name of the certificate log."""
    return keys_of(CERTIFICATES)


@require_safe
@reading_required
def list_issued(request: Any) -> HttpResponse:
    """Everything that was issued for one EUI-64, and how far it is provable. L5.5"""
    form = IssuedForm(request.GET if "eui64" in request.GET else None)
    issued = proofs.issued_for(form.cleaned_data["eui64"]) if form.is_valid() else None
    if issued:
        _log_issued(request, issued, "what was issued")
    at = clock.now()
    context = {
        "form": form,
        "issued": issued,
        "eui64": format_eui64(issued.eui64) if issued else "",
        "rows": [(each, status_at(each, at)) for each in issued.certificates] if issued else [],
        "reading": request.reading,
    }
    bad = form.is_bound and issued is None
    return render(request, "certificates/list_issued.html", context, status=422 if bad else 200)


def _log_issued(request: Any, issued: Issued, what: str) -> None:
    """One row of the access log for all Certificates of an EUI-64; it names the newest of them. L5.6"""
    if issued.certificates:
        purpose = f"{request.reading.purpose} ({what} for {format_eui64(issued.eui64)})"
        log_read(subject=issued.certificates[-1], purpose=purpose, by=request.reading.actor)


@reader_view
def download_proofs(request: Any) -> HttpResponse:
    """A file with every Certificate of an EUI-64 and its proof, for the stand-alone verifier."""
    form = IssuedForm(request.GET)
    if not form.is_valid():
        raise Http404
    issued = proofs.issued_for(form.cleaned_data["eui64"])
    download = Download(proofs.proofs_of(issued).encode(), "application/json")
    _log_issued(request, issued, "proofs")
    return download.as_attachment(f"certificates-{issued.eui64}.json")


@reader_view
def prove_certificate(request: Any, number: int) -> HttpResponse:
    """That one Certificate is in the newest signed log (C2SP tlog-proof)."""
    certificate = get_object_or_404(Certificate, pk=number)
    download = Download(proofs.certificate_proof(certificate).encode(), "text/plain; charset=utf-8")
    log_read(subject=certificate, purpose=f"{request.reading.purpose} (proof)", by=request.reading.actor)
    return download.as_attachment(f"certificate-{number}.tlog-proof")


@reader_view
def show_tile(request: Any, rest: str) -> HttpResponse:
    """A tile of hashes or a bundle of Certificates (C2SP tlog-tiles)."""
    wanted = tile_address(rest)
    if wanted.level is not None:
        content = tile(wanted.level, wanted.number, wanted.width, log=CERTIFICATES)
    else:
        content = proofs.leaf_bundle(wanted.number, wanted.width)
        newest = Certificate.objects.get(pk=wanted.number * TILE_WIDTH + wanted.width)
        purpose = f"{request.reading.purpose} (bundle of {wanted.width} Certificates)"
        log_read(subject=newest, purpose=purpose, by=request.reading.actor)
    return Download(content, "application/octet-stream").as_attachment("tile")


@reader_view
def export_log(request: Any) -> StreamingHttpResponse:
    """The whole certificate log as far as it is signed, for the stand-alone verifier."""
    lines = proofs.whole_log()
    newest = Certificate.objects.order_by("-id").first()
    if newest is not None:
        purpose = f"{request.reading.purpose} (the whole certificate log)"
        log_read(subject=newest, purpose=purpose, by=request.reading.actor)
    answer = StreamingHttpResponse(
        (line.encode() for line in lines), content_type="application/jsonl; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="certificate-log.jsonl"'
    answer["Cache-Control"] = "private, no-store"
    return answer

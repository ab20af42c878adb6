"""Pages of the stored Certificates, for those whom L5.5 lets read, every read logged. L5.6"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from repository.certificates.encoding import CERTIFICATE_FORMS, Download
from repository.certificates.forms import SearchForm
from repository.certificates.list_selectors import with_states
from repository.certificates.models import Certificate, RevocationList
from repository.certificates.selectors import (
    Query,
    find_certificates,
    issuer_of,
    issuers,
    revocation_lists,
    status_at,
)
from repository.documents.access import log_read, reading_required
from smki_pma.calendar import clock
from smki_pma.ledger import checkpoints
from smki_pma.ledger.logs import CERTIFICATES
from smki_pma.ui.paging import keyset_page

PAGE = 25


@require_safe
@reading_required
def list_certificates(request: Any) -> HttpResponse:
    """Search the Certificates and go through them, newest first. L5.5"""
    at = clock.now()
    form = SearchForm(request.GET, issuers=issuers())
    query = form.query() if form.is_valid() else Query()
    found = find_certificates(query, at=at) if form.is_valid() else Certificate.objects.none()
    page = keyset_page(found, key="id", before=request.GET.get("before"), size=PAGE)
    rows = [(certificate, status_at(certificate, at)) for certificate in page]
    _log_page(request, page.rows)
    context = {"form": form, "page": page, "rows": rows, "reading": request.reading}
    return render(
        request, "certificates/list_certificates.html", context, status=200 if form.is_valid() else 422
    )


def _log_page(request: Any, rows: list[Certificate]) -> None:
    """One row of the access log for a page of a list; it names the newest Certificate on it. L5.6"""
    if rows:
        purpose = f"{request.reading.purpose} (list of {len(rows)} Certificates)"
        log_read(subject=rows[0], purpose=purpose, by=request.reading.actor)


@require_safe
@reading_required
def show_certificate(request: Any, pk: int) -> HttpResponse:
    """One Certificate with everything that is known of it."""
    certificate = get_object_or_404(Certificate, pk=pk)
    log_read(subject=certificate, purpose=request.reading.purpose, by=request.reading.actor)
    context = {
        "certificate": certificate,
        "status": status_at(certificate, clock.now()),
        "issuer": issuer_of(certificate),
        "checkpoint": checkpoints.latest(CERTIFICATES, covering=certificate.pk),
        "pem": CERTIFICATE_FORMS["pem"](bytes(certificate.der)).body.decode("ascii"),
    }
    return render(request, "certificates/show_certificate.html", context)


@require_safe
@reading_required
def download_certificate(request: Any, pk: int, form: str) -> HttpResponse:
    """The Certificate as a PEM or DER file."""
    if form not in CERTIFICATE_FORMS:
        raise Http404
    certificate = get_object_or_404(Certificate, pk=pk)
    log_read(subject=certificate, purpose=f"{request.reading.purpose} (download)", by=request.reading.actor)
    return CERTIFICATE_FORMS[form](bytes(certificate.der)).as_attachment(
        f"certificate-{certificate.serial}.{form}"
    )


@require_safe
@reading_required
def list_revocation_lists(request: Any) -> HttpResponse:
    """Every version of the CRL and the ARL. L5.1(j)-(k)"""
    page = keyset_page(revocation_lists(), key="id", before=request.GET.get("before"), size=PAGE)
    if page.rows:
        log_read(
            subject=page.rows[0],
            purpose=f"{request.reading.purpose} (list of CRLs)",
            by=request.reading.actor,
        )
    context = {"page": page, "rows": with_states(page, at=clock.now()), "reading": request.reading}
    return render(request, "certificates/list_revocation_lists.html", context)


@require_safe
@reading_required
def download_revocation_list(request: Any, pk: int) -> HttpResponse:
    """A CRL or ARL as a DER file, which says in its name and answer when it is not the one in force."""
    revocations = get_object_or_404(RevocationList, pk=pk)
    log_read(subject=revocations, purpose=f"{request.reading.purpose} (download)", by=request.reading.actor)
    [row] = with_states([revocations], at=clock.now())
    download = Download(body=bytes(revocations.der), content_type="application/pkix-crl")
    response = download.as_attachment(f"{revocations.list_kind}-{revocations.number}{row.suffix}.crl")
    response["SMKI-List-State"] = row.state.value
    return response

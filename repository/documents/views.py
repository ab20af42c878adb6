"""Pages of the Repository's documents."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from repository.documents import access, damage, selectors, services, serving
from repository.documents.forms import FilterForm, LodgeForm, PurposeForm, RequireLodgingForm
from repository.documents.manifest_keys import public_pem
from repository.documents.models import Document, Version
from repository.documents.permissions import LODGERS, NOBODY_ELSE, lodger_for
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.files.store import DamagedFile, open_verified
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui import refusals
from smki_pma.ui.forms import form_errors

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def give_purpose(request: HttpRequest) -> HttpResponse:
    """Ask an entitled reader for capacity and purpose, once a day. L5.11"""
    access.reader(request.user)
    accesses = access.accesses_of(request.user)
    if request.method != "POST":
        form = PurposeForm(accesses=accesses, initial={"next": request.GET.get("next", "")})
        return render(request, "documents/give_purpose.html", {"form": form, "accesses": accesses})
    form = PurposeForm(request.POST, accesses=accesses)
    if not form.is_valid():
        return render(
            request, "documents/give_purpose.html", {"form": form, "accesses": accesses}, status=422
        )
    access.remember_reading(request, key=form.cleaned_data["key"], purpose=form.cleaned_data["purpose"])
    return redirect(_own_address(request, form.cleaned_data["next"]))


@require_safe
@access.reading_required
def list_documents(request: HttpRequest) -> HttpResponse:
    """What is lodged: current versions, filtered and sorted."""
    form = FilterForm(request.GET)
    sort = request.GET.get("sort", "title")
    wanted = form.wanted(sort)
    page = Paginator(selectors.wanted_by(request.user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    _log_page(request, list(page))
    context = {
        "form": form,
        "page": page,
        "wanted": wanted,
        "lodges": _lodger(request) is not None,
        "requires": _requires(request),
    }
    return render(request, "documents/list_documents.html", context)


@require_safe
@access.reading_required
def show_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version with its hash, its manifest and the other versions."""
    version = _visible(request, pk)
    services.read_version(version_id=version.pk, purpose=request.reading.purpose, by=request.reading.actor)
    versions = selectors.versions_of(request.user, version)
    return render(request, "documents/show_version.html", {"version": version, "versions": versions})


@require_safe
@access.reading_required
def download_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A copy of the file, its bytes checked. L5.5, L5.6, L8.4"""
    requested_at = clock.now()
    version = _visible(request, pk)
    try:
        stream = open_verified(version.sha256)
    except DamagedFile as damaged:
        damage.report_damage(version_id=version.pk, reason=damaged.reason, by=Actor.clock())
        return refusals.file_damaged(request)
    services.deliver_version(
        version_id=version.pk,
        purpose=request.reading.purpose,
        requested_at=requested_at,
        by=request.reading.actor,
    )
    name = serving.safe_name(f"{version.document.title} version {version.number}", version.file_kind)
    return serving.send_file(stream, file_kind=version.file_kind, name=name)


@require_safe
@access.reading_required
def download_manifest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The manifest: the very bytes that are signed."""
    version = _visible(request, pk)
    _log(request, version, "manifest")
    name = serving.safe_name(f"{version.document.title} version {version.number} manifest", "json")
    return serving.send_bytes(version.manifest.encode(), content_type="application/json", name=name)


@require_safe
@access.reading_required
def download_signature(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The detached Ed25519 signature of the manifest."""
    version = _visible(request, pk)
    if version.manifest_signature is None:
        raise Http404
    _log(request, version, "signature")
    name = serving.safe_name(f"{version.document.title} version {version.number} manifest", "sig")
    signature = bytes(version.manifest_signature)
    return serving.send_bytes(signature, content_type="application/octet-stream", name=name)


@require_safe
@login_not_required
def download_key(request: HttpRequest) -> HttpResponse:
    """The public key of the manifests: no document, so open to everybody."""
    pem = public_pem()
    if pem is None:
        raise Http404
    return serving.send_bytes(pem, content_type="application/x-pem-file", name="repository-manifest-key.pem")


@require_http_methods(["GET", "HEAD", "POST"])
def lodge_document(request: HttpRequest) -> HttpResponse:
    """Lodge a version. L5.3, L5.4"""
    by = request.acting(*LODGERS, clause=NOBODY_ELSE)
    lodger = lodger_for(by.role, at=clock.now())
    if lodger is None:
        raise NotEntitled("The Secretariat lodges only where a resolution says so.", clause=NOBODY_ELSE)
    limits = {"lodger": lodger, "max_megabytes": figure("drafts.largest_upload_megabytes")}
    if request.method != "POST":
        form = LodgeForm(initial={"kind": request.GET.get("kind", "")}, **limits)
        return render(request, "documents/lodge_document.html", {"form": form, "lodger": lodger})
    form = LodgeForm(request.POST, request.FILES, **limits)
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(lambda: _lodge(form, by), url=lambda _: reverse("documents:list_lodged"))
            messages.success(request, "The document is lodged. Its manifest is being signed.")
            return redirect(url)
    return render(request, "documents/lodge_document.html", {"form": form, "lodger": lodger}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def require_lodging(request: HttpRequest) -> HttpResponse:
    """Say that a policy was incorporated or modified: the PMA's duty to lodge it opens. L5.7, L5.8"""
    by = request.acting(*services.REQUIRERS, clause=services.WHEN_AVAILABLE)
    form = RequireLodgingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            form.act_once(lambda: _require(form, by), url=lambda _: reverse("documents:list_lodged"))
            messages.success(request, "The duty to lodge it is open. It is the Code Administrator's.")
            return redirect("documents:list_lodged")
    context = {"form": form, "days": figure("documents.lodge_working_days")}
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/require_lodging.html", context, status=status)


@require_safe
def list_lodged(request: HttpRequest) -> HttpResponse:
    """The register of what has been lodged, for those who lodge: names and hashes, no documents."""
    request.acting(*LODGERS, clause=NOBODY_ELSE)
    page = Paginator(selectors.lodged_for_capacity(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lodges": _lodger(request) is not None, "requires": _requires(request)}
    return render(request, "documents/list_lodged.html", context)


def _lodge(form: LodgeForm, by: Actor) -> Version:
    cleaned = form.cleaned_data
    return services.lodge_document(
        kind=cleaned["kind"],
        title=cleaned["title"],
        document_id=selectors.document_called(cleaned["kind"], cleaned["title"]),
        file=form.file_received,
        dated_on=cleaned["dated_on"],
        purpose=cleaned["purpose"],
        by=by,
    )


def _require(form: RequireLodgingForm, by: Actor) -> Document:
    cleaned = form.cleaned_data
    return services.require_lodging(
        kind=cleaned["kind"],
        modified=cleaned["event"] == "modified",
        happened_on=cleaned["happened_on"],
        by=by,
    )


def _requires(request: HttpRequest) -> bool:
    return not request.roles.isdisjoint(services.REQUIRERS)


def _log_page(request: HttpRequest, versions: list[Version]) -> None:
    """One row of the access log for a page of the list; it names the first version on it. L5.6"""
    if versions:
        _log(request, versions[0], f"list of {len(versions)} version{'s' if len(versions) > 1 else ''}")


def _log(request: HttpRequest, version: Version, what: str) -> None:
    purpose = f"{request.reading.purpose} ({what})"
    access.log_read(subject=version, purpose=purpose, by=request.reading.actor)


def _visible(request: HttpRequest, pk: UUID) -> Version:
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def _lodger(request: HttpRequest) -> object:
    roles = [role for role in LODGERS if role in request.roles]
    return next((lodger for role in roles if (lodger := lodger_for(role, at=clock.now()))), None)


def _own_address(request: HttpRequest, url: str) -> str:
    """Only an address of this site; anything else leads to the list."""
    if url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return reverse("documents:list_documents")

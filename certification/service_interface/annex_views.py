"""The technical annex for everybody, and DCC's comparison of it with the specification in force."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from certification.service_interface import annexes, error_codes
from certification.service_interface.machine import annex, api, description
from certification.service_interface.sections import sections
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

OFFICERS = (Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER)


class AnnexForm(forms.Form):
    """Which version in force, and the annex that belongs to it."""

    version = forms.ChoiceField(label="Version in force", widget=forms.RadioSelect)
    file = forms.FileField(label="Its annex", widget=forms.FileInput(attrs={"accept": ".json"}))
    field_options = {"file": {"hint": "A JSON file in the form of the technical annex"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [
            (str(each.pk), f"{each.document.title}, version {each.number}") for each in annexes.documents()
        ]

    @property
    def has_versions(self) -> bool:
        """Whether there is a document in force at all that an annex can belong to."""
        return bool(self.fields["version"].choices)


@login_not_required
@require_safe
def show_annex(request: Any) -> HttpResponse:
    """What the interface does, from the tables that it runs on; the specification in force prevails. L4.4"""
    context = {
        "annex": annex.annex(),
        "sections": [(title, intro, rows()) for title, intro, rows in error_codes.SECTIONS],
        "is_officer": any(role in request.roles for role in OFFICERS),
    } | sections(request)
    return render(request, "service_interface/show_annex.html", context)


@login_not_required
@require_safe
def download_annex(request: Any) -> HttpResponse:
    """The annex for machines."""
    return _file(annex.text_of(annex.annex()), "smki-service-interface-annex.json")


@login_not_required
@require_safe
def download_description(request: Any, environment: str) -> HttpResponse:
    """The OpenAPI description of the JSON interface of an environment."""
    described = api.LIVE if environment == "live" else api.TEST
    return _file(description.text_of(described), f"smki-service-interface-{environment}.json")


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def compare_annex(request: Any) -> HttpResponse:
    """Where what runs differs from what DCC recorded for the version in force; recording another. L4.1"""
    by = request.acting(*OFFICERS, clause=annexes.MAINTAINING)
    sent = request.method == "POST"
    form = AnnexForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        with form_errors(form):
            annexes.record_annex(
                version_id=form.cleaned_data["version"],
                content=form.cleaned_data["file"].read(annexes.LARGEST + 1),
                by=by,
            )
            messages.success(request, "The annex of the version in force is recorded.")
            return redirect("service_interface:compare_annex")
    context = {"form": form, "comparison": annexes.compare()}
    return render(
        request, "service_interface/compare_annex.html", context, status=422 if form.is_bound else 200
    )

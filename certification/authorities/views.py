"""Certification Authorities for DCC's staff, and how to make a request for everybody signed in."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certification.authorities import recipes
from certification.authorities.environments import environment
from certification.authorities.models import ENVIRONMENTS
from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES, format_role
from certification.authorities.selectors import (
    authorities,
    ceremonies,
    certificate_pem,
    may_be_succeeded,
    portal_environment,
    root_uses,
)
from certification.authorities.services import CLAUSE
from repository.certificates.encoding import CERTIFICATE_FORMS
from smki_pma.parties.roles import Role

# Parties read the Certificates of Authorities in the Repository, where every read is logged (L5.5, L5.6).
READERS = (Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, Role.DCC_DOCUMENT_OWNER)


@require_safe
def list_authorities(request: Any) -> HttpResponse:
    """Every Authority by environment, and the latest ceremonies."""
    request.acting(*READERS, clause=CLAUSE)
    found = list(authorities())
    context = {
        "groups": [
            (environment(key), [each for each in found if each.environment == key]) for key, _ in ENVIRONMENTS
        ],
        "ceremonies": ceremonies()[:20],
        "may_plan": Role.DCC_CA_OPERATOR in request.roles,
    }
    return render(request, "authorities/list_authorities.html", context)


@require_safe
def show_authority(request: Any, pk: UUID) -> HttpResponse:
    """One Authority with its Certificate and the profile that it follows."""
    request.acting(*READERS, clause=CLAUSE)
    authority = get_object_or_404(authorities(), pk=pk)
    operator = Role.DCC_CA_OPERATOR in request.roles
    context = {
        "authority": authority,
        "pem": certificate_pem(authority),
        "profile": authority.profile,
        "uses": root_uses(authority) if authority.is_root else None,
        "may_roll_over": operator and may_be_succeeded(authority),
        "may_plan_list": operator and authority.is_root and authority.may_sign_lists,
    }
    return render(request, "authorities/show_authority.html", context)


@require_safe
def download_certificate(request: Any, pk: UUID, form: str) -> HttpResponse:
    """The Authority's Certificate as PEM or DER."""
    request.acting(*READERS, clause=CLAUSE)
    if form not in CERTIFICATE_FORMS:
        raise Http404
    authority = get_object_or_404(authorities(), pk=pk)
    download = CERTIFICATE_FORMS[form](bytes(authority.certificate_der or b""))
    return download.as_attachment(f"{authority.common_name}.{form}")


@require_safe
def csr_help(request: Any) -> HttpResponse:
    """How to make a Certificate Signing Request with openssl."""
    env = environment(portal_environment())
    context = {
        "env": env,
        "device_configuration": recipes.device_configuration(env),
        "device_commands": recipes.device_commands(),
        "organisation_configuration": recipes.organisation_configuration(),
        "organisation_commands": recipes.organisation_commands(),
        "roles": [
            (format_role(code), title)
            for code, title in ROLE_CODES.items()
            if code not in RESERVED_FOR_AUTHORITIES
        ],
    }
    return render(request, "authorities/csr_help.html", context)


@require_safe
def download_recipe(request: Any, name: str) -> HttpResponse:
    """The openssl configuration as a file."""
    texts = {
        "device": recipes.device_configuration(environment(portal_environment())),
        "test-device": recipes.device_configuration(environment("test")),
        "organisation": recipes.organisation_configuration(),
    }
    if name not in texts:
        raise Http404
    response = HttpResponse(texts[name], content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.cnf"'
    return response

"""The addresses that machines call; the TLS front asks for a client certificate on all of them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI

from certification.service_interface.machine.api import LIVE, TEST
from certification.service_interface.machine.est import est
from certification.service_interface.machine.problems import answering, no_such_address


def _open_to_machines(api: NinjaAPI) -> tuple[list[Any], str, str]:
    """An interface's addresses: nobody is signed in, and every error is problem details."""
    found, app_name, namespace = api.urls
    # ninja's own page of the root is left out.
    patterns = [each for each in found if isinstance(each, URLPattern) and each.name != "api-root"]
    for pattern in patterns:
        pattern.callback = _csrf_exempt_as(pattern.callback)
    return patterns, app_name, namespace


def _csrf_exempt_as(view: Any) -> Any:
    open_view = login_not_required(answering(view))
    open_view.csrf_exempt = True  # no cookie identifies the caller
    return open_view


urlpatterns = [
    path(".well-known/est/<str:label>/<str:operation>", est, name="est"),
    path("api/v1/", _open_to_machines(LIVE)),
    path("api/test/v1/", _open_to_machines(TEST)),
    re_path(r"^api/(?:test/)?v1/", _csrf_exempt_as(no_such_address), name="interface_no_such_address"),
]

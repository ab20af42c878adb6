"""What base.html shows around every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from smki_pma.ui.navigation import links_for


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Navigation (read only when shown), the offices of the person, and whether the data are samples."""
    return {
        "navigation": SimpleLazyObject(lambda: links_for(request)),
        "offices": SimpleLazyObject(lambda: _offices(request)),
        "sample_community": settings.SMKI_SAMPLE_COMMUNITY,
    }


def _offices(request: HttpRequest) -> list[str]:
    titles = [str(holding.title) for holding in getattr(request, "holdings", [])]
    return list(dict.fromkeys(titles))

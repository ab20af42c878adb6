"""The site's navigation: each room registers its own item, so that this room imports none above it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """A link of the navigation.

    order: place in the row, low first. roles: who sees it (any of them); None for everybody, signed in or
    not. signed_in: only for signed-in people. visible: a further test. count: a number to show beside it;
    counted: what it counts, in words. namespaces: URL namespaces under which the item is marked as the
    current one (its own by default).
    """

    label: str
    url_name: str
    order: int
    roles: frozenset[str] | None = None
    signed_in: bool = False
    visible: Callable[[Any], bool] | None = None
    count: Callable[[Any], int] | None = None
    counted: str = "to do"
    namespaces: frozenset[str] = frozenset()

    def is_shown_to(self, request: Any) -> bool:
        if (self.signed_in or self.roles is not None) and not request.user.is_authenticated:
            return False
        if self.roles is not None and self.roles.isdisjoint(getattr(request, "roles", frozenset())):
            return False
        return self.visible is None or self.visible(request)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """An item as one page shows it. current: "page" or "true" for aria-current, or ""."""

    label: str
    url: str
    current: str
    count: int | None
    counted: str


_items: dict[str, NavigationItem] = {}


def register_navigation(item: NavigationItem) -> None:
    """Add an item, once for each URL name. Call it in AppConfig.ready()."""
    _items[item.url_name] = item


def registered_items() -> list[NavigationItem]:
    return sorted(_items.values(), key=lambda item: (item.order, item.label))


def links_for(request: HttpRequest) -> list[NavigationLink]:
    """The navigation that a request's person sees, in order."""
    items = [item for item in registered_items() if item.is_shown_to(request) and _resolves(item)]
    links = [_link(item, request) for item in items]
    if any(link.current == "page" for link in links):
        return [replace(link, current="") if link.current == "true" else link for link in links]
    return links


def _link(item: NavigationItem, request: HttpRequest) -> NavigationLink:
    count = item.count(request) if item.count else None
    return NavigationLink(item.label, reverse(item.url_name), _current(item, request), count, item.counted)


def _current(item: NavigationItem, request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    if match.view_name == item.url_name:
        return "page"
    namespaces = item.namespaces or frozenset({item.url_name.split(":")[0]})
    return "true" if match.namespace in namespaces else ""


def _resolves(item: NavigationItem) -> bool:
    """A page may be shown under a test's own URL configuration, which lacks most rooms."""
    try:
        reverse(item.url_name)
    except NoReverseMatch:
        return False
    return True

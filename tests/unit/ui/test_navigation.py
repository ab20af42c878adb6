"""Who sees which item of the navigation, and which one is marked."""

from types import SimpleNamespace
from typing import Any

import pytest

from smki_pma.ui import navigation
from smki_pma.ui.navigation import NavigationItem, links_for, register_navigation

CHAIR = frozenset({"pma_chair"})


@pytest.fixture(autouse=True)
def _no_items_of_the_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})


def request(*, signed_in: bool = True, roles: frozenset[str] = frozenset(), view: str = "") -> Any:
    match = SimpleNamespace(view_name=view, namespace=view.split(":")[0]) if view else None
    return SimpleNamespace(
        user=SimpleNamespace(is_authenticated=signed_in), roles=roles, resolver_match=match
    )


def labels(asked: Any) -> list[str]:
    return [link.label for link in links_for(asked)]


def test_items_stand_in_their_order() -> None:
    register_navigation(NavigationItem(label="B", url_name="website:privacy", order=20))
    register_navigation(NavigationItem(label="A", url_name="website:accessibility", order=30))
    register_navigation(NavigationItem(label="C", url_name="website:how_this_works", order=10))
    assert labels(request()) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("item", "asked", "shown"),
    [
        ({}, request(signed_in=False), True),
        ({"signed_in": True}, request(signed_in=False), False),
        ({"signed_in": True}, request(), True),
        ({"roles": CHAIR}, request(signed_in=False, roles=CHAIR), False),
        ({"roles": CHAIR}, request(), False),
        ({"roles": CHAIR}, request(roles=CHAIR), True),
        ({"visible": lambda asked: False}, request(roles=CHAIR), False),
    ],
)
def test_who_sees_an_item(item: dict[str, Any], asked: Any, shown: bool) -> None:
    register_navigation(NavigationItem(label="X", url_name="website:privacy", order=1, **item))
    assert labels(asked) == (["X"] if shown else [])


@pytest.mark.parametrize(
    ("view", "current"), [("website:privacy", "page"), ("website:home", "true"), ("meetings:x", ""), ("", "")]
)
def test_the_item_where_one_is_is_marked(view: str, current: str) -> None:
    register_navigation(NavigationItem(label="X", url_name="website:privacy", order=1))
    [link] = links_for(request(view=view))
    assert link.current == current


def test_an_item_may_stand_for_other_rooms() -> None:
    item = NavigationItem(
        label="X",
        url_name="website:privacy",
        order=1,
        namespaces=frozenset({"meetings"}),
        count=lambda asked: 3,
    )
    register_navigation(item)
    [link] = links_for(request(view="meetings:show_meeting"))
    assert (link.current, link.count) == ("true", 3)


def test_an_item_without_a_page_here_is_left_out() -> None:
    register_navigation(NavigationItem(label="X", url_name="nowhere:at_all", order=1))
    assert links_for(request()) == []


def test_the_page_itself_is_marked_and_not_its_neighbour() -> None:
    register_navigation(NavigationItem(label="X", url_name="website:privacy", order=1))
    register_navigation(NavigationItem(label="Y", url_name="website:accessibility", order=2))
    assert [link.current for link in links_for(request(view="website:privacy"))] == ["page", ""]

"""The items that the rooms registered."""

import pytest
from django.urls import reverse

from smki_pma.parties.roles import Role
from smki_pma.ui.navigation import registered_items


def test_the_rooms_registered_something() -> None:
    assert len(registered_items()) >= 6


@pytest.mark.parametrize("item", registered_items(), ids=lambda item: item.url_name)
def test_each_item_has_a_page(item) -> None:
    assert reverse(item.url_name)


def test_orders_do_not_collide() -> None:
    orders = [item.order for item in registered_items()]
    assert len(orders) == len(set(orders))


def test_roles_are_roles() -> None:
    assert {role for item in registered_items() for role in item.roles or ()} <= set(Role)

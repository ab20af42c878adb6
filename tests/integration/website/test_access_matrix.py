"""Every address against every role, as tests/access_matrix.yaml says. An address that it lacks fails."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access_objects import OBJECTS
from tests.community import PERSONAS, Community

pytestmark = pytest.mark.once

MATRIX = Path(__file__).parents[2] / "access_matrix.yaml"
WHO = ("anonymous", *PERSONAS)
SETTINGS = {"with", "method", "data", "default"}
ALLOWED = {200, 201, 202, 302, 303, 409, 422}


@cache
def matrix() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(MATRIX.read_text(encoding="utf-8")) or {}


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """Every URL name with its namespace; a pattern without a name comes as its address."""
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from names(each.url_patterns, inner)
        elif isinstance(each, URLPattern):
            yield f"{namespace}{each.name}" if each.name else f"without a name: {each.pattern}"


def all_names() -> list[str]:
    return sorted(set(names(get_resolver().url_patterns)))


@pytest.mark.parametrize("name", all_names())
def test_every_address_is_in_the_matrix(name: str) -> None:
    assert any(key.split(" ")[0] == name for key in matrix()), (
        f"Add {name} to tests/access_matrix.yaml: who may open it?"
    )


def test_the_matrix_names_no_address_that_is_gone() -> None:
    assert {key.split(" ")[0] for key in matrix()} <= set(all_names())


@pytest.mark.parametrize("key", sorted(matrix()))
def test_row_is_well_formed(key: str) -> None:
    unknown = set(matrix()[key]) - SETTINGS - set(WHO)
    assert not unknown, f"{key}: {unknown}"
    assert "default" in matrix()[key]
    assert "anonymous" in matrix()[key]


@pytest.fixture(autouse=True)
def _no_manifest_key_yet(settings: Any, tmp_path: Path) -> None:
    """Whatever other tests have signed."""
    settings.SMKI_MANIFEST_KEY_DIR = tmp_path


@pytest.fixture(scope="module")
def cookies(_community_rows: None, django_db_blocker: Any) -> Iterator[dict[str, SimpleCookie]]:
    """The cookies of everybody; each role signs in once, before the first test, and undone after the last."""
    with django_db_blocker.unblock():
        before = transaction.savepoint()
        signed_in = {who: Community().client(who).cookies for who in PERSONAS}
    yield {**signed_in, "anonymous": SimpleCookie()}
    with django_db_blocker.unblock():
        if connection.in_atomic_block:  # or the community is gone, and the sessions with it
            transaction.savepoint_rollback(before)


@pytest.mark.parametrize("key", sorted(matrix()))
def test_each_role_gets_what_the_matrix_says(
    key: str, community: Community, cookies: dict[str, SimpleCookie]
) -> None:
    row = matrix()[key]
    # The objects are made once and every request's writes undone, so that each role meets the same state.
    address = reverse(key.split(" ")[0], kwargs=arguments(row.get("with", {})))
    found = {who: _answer(address, row, cookies[who]) for who in WHO}
    expected = {who: row.get(who, row["default"]) for who in WHO}
    wrong = [
        f"{who}: {found[who]}, not {expected[who]}" for who in WHO if not _matches(found[who], expected[who])
    ]
    assert not wrong, f"{key}: " + "; ".join(wrong)


def _answer(address: str, row: dict[str, Any], cookies: SimpleCookie) -> str | int:
    """What one request is answered with; whatever it wrote is undone."""
    client = Client(raise_request_exception=False)
    client.cookies = deepcopy(cookies)
    with transaction.atomic():
        if row.get("method", "get") == "post":
            response = client.post(address, row.get("data", {}))
        else:
            response = client.get(address, row.get("data", {}))
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return "signin"
    return response.status_code


def arguments(names: dict[str, Any]) -> dict[str, Any]:
    """The values of the address's arguments: an object's name, or `=text` for the text itself."""
    return {
        argument: name[1:] if isinstance(name, str) and name.startswith("=") else OBJECTS[name]()
        for argument, name in names.items()
    }


def _matches(found: str | int, expected: str | int) -> bool:
    if expected == "allowed":
        return found in ALLOWED
    if expected == "health":
        return found in {200, 503}
    return found == expected

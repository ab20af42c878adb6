"""Addresses of a list in another order or cut, with the rest of the query kept."""

from typing import Any

from django.http import QueryDict


def address_with(query: QueryDict, **changes: str | int | None) -> str:
    """The query string with parameters set, or taken away where the value is None."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def sorted_address(query: QueryDict, key: str, param: str) -> dict[str, Any]:
    """Where a column header leads and how the list is sorted by it now (an aria-sort value)."""
    now = query.get(param, "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    following = f"-{key}" if order == "ascending" else key
    return {"url": address_with(query, **{param: following, "page": None}), "order": order}

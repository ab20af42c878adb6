"""Gives every request the offices that its person holds now."""

import operator
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, new_method_proxy

from smki_pma.ledger.actors import Actor
from smki_pma.parties import authority
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role


class LazyRoles(SimpleLazyObject):
    """A frozen set of roles that is read on use; set operators work on it too."""

    __and__ = new_method_proxy(operator.and_)
    __or__ = new_method_proxy(operator.or_)
    __sub__ = new_method_proxy(operator.sub)
    __le__ = new_method_proxy(operator.le)
    __ge__ = new_method_proxy(operator.ge)

    def __rand__(self, other: Any) -> Any:
        return frozenset(other) & frozenset(self)


class ActingMiddleware:
    """Adds `request.holdings` and `request.roles` (read once, on use) and `request.acting(...)`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.holdings = SimpleLazyObject(lambda: _holdings(request))
        request.roles = LazyRoles(lambda: frozenset(holding.role for holding in request.holdings))

        def acting(*roles: Role, clause: str, party_id: UUID | None = None) -> Actor:
            holding = authority.choose_holding(request.holdings, *roles, party_id=party_id)
            if holding is None:
                raise authority.refusal(*roles, clause=clause)
            return authority.actor_for(holding, request.user)

        request.acting = acting
        return self.get_response(request)


def _holdings(request: HttpRequest) -> list[Holding]:
    return authority.holdings_of(request.user) if request.user.is_authenticated else []

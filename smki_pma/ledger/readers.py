"""Who may read which entries' texts. The rooms above say what a person's offices entitle to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from smki_pma.ledger.models import EntryText

Entitlement = tuple[set[str], set[UUID]]
_sources: list[Callable[[Any], Entitlement]] = []


def register_reader_audiences(source: Callable[[Any], Entitlement]) -> Callable[[Any], Entitlement]:
    """Register a function that gives, for a user, the audiences read whole and the Parties read for.

    "party" among the audiences opens the entries of every Party (DCC).
    """
    if source not in _sources:
        _sources.append(source)
    return source


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may read: audiences whole, and entries for single Parties."""

    audiences: frozenset[str]
    party_ids: frozenset[UUID]

    def texts(self) -> QuerySet[EntryText]:
        """The texts that this reader may see."""
        allowed = Q(audience__in=self.audiences)
        if self.party_ids:
            allowed |= Q(audience="party", party_id__in=self.party_ids)
        return EntryText.objects.filter(allowed)


PUBLIC = Reader(audiences=frozenset({"public"}), party_ids=frozenset())


def reader_for(user: Any) -> Reader:  # a Person or AnonymousUser
    """What a user may read: everybody the public entries, a signed-in one what their offices entitle to."""
    if not user.is_authenticated:
        return PUBLIC
    audiences, party_ids = {"public"}, set()
    for source in _sources:
        more_audiences, more_parties = source(user)
        audiences |= more_audiences
        party_ids |= more_parties
    return Reader(audiences=frozenset(audiences), party_ids=frozenset(party_ids))

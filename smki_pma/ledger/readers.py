"""Who may read which entries' texts. The rooms above say what a person's offices entitle to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from smki_pma.ledger.models import EntryText

Entitlement = tuple[set[str], set[UUID]]
Withheld = dict[str, set[str]]
_sources: list[Callable[[Any], Entitlement]] = []
_withholders: list[Callable[[Any], Withheld]] = []
# What an office opens as a whole; from these a conflict of interest takes single subjects away.
OF_THE_PMA = frozenset({"pma", "cps"})


def register_reader_audiences(source: Callable[[Any], Entitlement]) -> Callable[[Any], Entitlement]:
    """Register a function that gives, for a user, the audiences read whole and the Parties read for.

    "party" among the audiences opens the entries of every Party (DCC).
    """
    if source not in _sources:
        _sources.append(source)
    return source


def register_withheld_subjects(source: Callable[[Any], Withheld]) -> Callable[[Any], Withheld]:
    """Register a function that gives, for a user, the subjects (ids by type) whose PMA entries are kept from them."""
    if source not in _withholders:
        _withholders.append(source)
    return source


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may read: audiences whole, entries for single Parties; less what a conflict withholds."""

    audiences: frozenset[str]
    party_ids: frozenset[UUID]
    withheld: tuple[tuple[str, frozenset[str]], ...] = ()

    def texts(self) -> QuerySet[EntryText]:
        """The texts that this reader may see."""
        allowed = Q(audience__in=self.audiences)
        if self.party_ids:
            allowed |= Q(audience="party", party_id__in=self.party_ids)
        for subject_type, ids in self.withheld:
            allowed &= ~Q(audience__in=OF_THE_PMA, subject_type=subject_type, subject_id__in=ids)
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
    return Reader(
        audiences=frozenset(audiences),
        party_ids=frozenset(party_ids),
        withheld=_withheld_from(user, audiences),
    )


def _withheld_from(user: Any, audiences: set[str]) -> tuple[tuple[str, frozenset[str]], ...]:
    if not audiences & OF_THE_PMA:
        return ()
    found: dict[str, set[str]] = {}
    for source in _withholders:
        for subject_type, ids in source(user).items():
            found.setdefault(subject_type, set()).update(ids)
    return tuple((subject_type, frozenset(ids)) for subject_type, ids in found.items())

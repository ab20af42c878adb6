"""Which CRL and ARL is in force: the latest of its issuer, until its next update. L5.1(j)-(k)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import OuterRef, QuerySet, Subquery

from repository.certificates.kinds import ListKind
from repository.certificates.models import RevocationList


class ListState(StrEnum):
    """How a list stands at a moment."""

    IN_FORCE = "in force"
    REPLACED = "replaced"
    EXPIRED = "expired"


def latest_list(issuer_key_id: str, kind: ListKind | str) -> RevocationList | None:
    """The newest CRL or ARL of an issuer, with its bytes. issuer_key_id: upper case hex."""
    found = RevocationList.objects.filter(issuer_key_id=issuer_key_id, list_kind=str(kind))
    return found.order_by("-id").first()


def latest_lists() -> QuerySet[RevocationList]:
    """The newest CRL or ARL of each issuer, without their bytes."""
    newest = (
        RevocationList.objects.filter(
            issuer_key_id=OuterRef("issuer_key_id"), list_kind=OuterRef("list_kind")
        )
        .order_by("-id")
        .values("id")[:1]
    )
    return (
        RevocationList.objects.filter(id=Subquery(newest)).defer("der").order_by("environment", "issuer_name")
    )


@dataclass(frozen=True, slots=True)
class ListRow:
    """A version of a list with how it stands."""

    list: RevocationList
    state: ListState

    @property
    def suffix(self) -> str:
        """What the name of a file says of a list that is not in force."""
        return "" if self.state is ListState.IN_FORCE else f"-{self.state.value}"


def with_states(lists: Iterable[RevocationList], *, at: datetime) -> list[ListRow]:
    """Each version with its state at a moment: only the newest of an issuer can be in force."""
    newest = set(latest_lists().values_list("pk", flat=True))
    return [ListRow(each, state_of(each, is_newest=each.pk in newest, at=at)) for each in lists]


def state_of(revocations: RevocationList, *, is_newest: bool, at: datetime) -> ListState:
    """An expired list is never shown as one in force (RFC 5280 6.3.3). L5.1(j)"""
    if not is_newest:
        return ListState.REPLACED
    next_update = revocations.next_update_at
    return ListState.EXPIRED if next_update is not None and next_update <= at else ListState.IN_FORCE

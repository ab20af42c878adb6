"""Reads of lodged documents; all start from what the person may see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from repository.documents.access import accesses_of
from repository.documents.kinds import ONE_OF_A_KIND, DocumentKind
from repository.documents.models import Document, Version
from repository.documents.permissions import lodger_for
from repository.documents.states import CURRENT
from smki_pma.calendar import clock
from smki_pma.parties.authority import roles_of
from smki_pma.parties.models import Person

SORTS = {
    "title": ("document__title", "-number"),
    "kind": ("document__kind", "document__title"),
    "dated": ("dated_on", "document__title"),
    "lodged": ("lodged_at", "document__title"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader filters and sorts by. sort: a key of SORTS, "-" before it for the other way."""

    words: str = ""
    kind: str = ""
    all_versions: bool = False
    sort: str = "title"


def visible_to(person: Person, *, at: datetime | None = None) -> QuerySet[Version]:
    """Every version for an entitled reader, nothing for anybody else. L5.5, L5.6"""
    versions = Version.objects.select_related("document")
    return versions.all() if accesses_of(person, at) else versions.none()


def wanted_by(person: Person, wanted: Wanted) -> QuerySet[Version]:
    """The visible versions that match, in the order asked for."""
    found = visible_to(person)
    if not wanted.all_versions:
        found = found.filter(state=CURRENT)
    if wanted.kind in DocumentKind.values:
        found = found.filter(document__kind=wanted.kind)
    if wanted.words:
        found = found.filter(document__title__icontains=wanted.words)
    return found.order_by(*_order(wanted.sort), "pk")


def versions_of(person: Person, version: Version) -> list[Version]:
    """All versions of the same document, the newest first."""
    return list(visible_to(person).filter(document=version.document).order_by("-number"))


def lodged_for_capacity(person: Person) -> QuerySet[Version]:
    """What DCC, or what the PMA, has lodged, for those who lodge for it: the register, not the documents."""
    now = clock.now()
    lodgers = [lodger for role in roles_of(person, at=now) if (lodger := lodger_for(role, at=now))]
    capacity = Q(capacity__in={lodger.capacity.value for lodger in lodgers})
    return Version.objects.select_related("document").filter(capacity).order_by("-lodged_at")


def _order(sort: str) -> tuple[str, ...]:
    down = sort.startswith("-")
    first, *rest = SORTS.get(sort.removeprefix("-"), SORTS["title"])
    if not down:
        return (first, *rest)
    return (first.removeprefix("-") if first.startswith("-") else f"-{first}", *rest)


def document_called(kind: str, title: str) -> UUID | None:
    """The document of an open kind that has this title; None for a new one."""
    if kind in ONE_OF_A_KIND or not title:
        return None
    return Document.objects.filter(kind=kind, title__iexact=title).values_list("pk", flat=True).first()

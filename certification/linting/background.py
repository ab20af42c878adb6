"""The full lint of what was issued: rows in, findings out. Only workers load this; nothing is written here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet

from certification.authorities.encoding import key_identifier
from certification.authorities.environments import environment
from certification.authorities.lint import Finding
from certification.authorities.models import Authority
from certification.authorities.selectors import authorities, issuer_of, profile_in_force
from certification.linting.linters import lint_certificate, lint_list
from certification.linting.models import Subject
from certification.linting.revocation_lists import ExpectedList
from certification.linting.rule import Expected
from certification.linting.selectors import settled_lists
from repository.certificates.models import Certificate

# One job: short, so that whatever is more urgent waits for no more than this, and a killed worker loses no more.
MOST_ROWS, MOST_SECONDS = 1_000, 2.0
_FETCH = 250
_CERTIFICATE_COLUMNS = ("id", "kind", "environment", "issuer_key_id", "not_before_at", "der")
_UNKNOWN = Finding(
    "smki.authority",
    "No Authority of ours that signs this kind has the key that this names as its issuer's.",
    "RFC 5280 4.2.1.1",
)
Keys = dict[str, Authority]
logger = logging.getLogger("smki_pma.linting")


@dataclass(slots=True)
class Stretch:
    """What was read in one go. `findings`: by row, in order."""

    subject: Subject
    first_id: int
    last_id: int = 0
    count: int = 0
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    more: bool = False


def lint_certificates(first_id: int, *, rows: int = MOST_ROWS, seconds: float = MOST_SECONDS) -> Stretch:
    """Lint Certificates from `first_id` on, in the order of the certificate log, until rows or time are up."""
    found = Certificate.objects.filter(id__gte=first_id).order_by("id").values_list(*_CERTIFICATE_COLUMNS)
    keys = _keys()
    linted = ((row[0], _judged(_lint_certificate, row, keys)) for row in _fetch(found, rows))
    return _read(Stretch(Subject.CERTIFICATE, first_id), linted, rows=rows, seconds=seconds)


def lint_lists(first_id: int, *, rows: int = MOST_ROWS, seconds: float = MOST_SECONDS) -> Stretch:
    """Lint CRLs and ARLs from `first_id` on, in the order of lodging."""
    found = settled_lists().filter(id__gte=first_id).order_by("id").values_list("id", "issuer_key_id", "der")
    keys = _keys()
    linted = ((row[0], _judged(_lint_list, row, keys)) for row in _fetch(found, rows))
    return _read(Stretch(Subject.LIST, first_id), linted, rows=rows, seconds=seconds)


def _fetch(rows: QuerySet[Any, Any], most: int) -> Iterator[Any]:
    """One row more than is linted, so that it is known whether more are waiting."""
    return rows[: most + 1].iterator(chunk_size=_FETCH)


def _read(
    stretch: Stretch, linted: Iterable[tuple[int, Iterable[Finding]]], *, rows: int, seconds: float
) -> Stretch:
    until = time.monotonic() + seconds
    for row_id, findings in linted:
        if stretch.count == rows or (stretch.count and time.monotonic() > until):
            stretch.more = True
            break
        stretch.findings += [(row_id, finding) for finding in findings]
        stretch.last_id = row_id
        stretch.count += 1
    return stretch


def _judged(
    lint: Callable[[tuple[Any, ...], Keys], tuple[Finding, ...]], row: tuple[Any, ...], keys: Keys
) -> tuple[Finding, ...]:
    """What the linter finds. Bytes over which it fails are a finding too, and those after them are still read."""
    try:
        return lint(row, keys)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("the linter failed over a row", extra={"row": row[0]})
        return (
            Finding(
                "smki.linter", f"The linter cannot judge this: {type(error).__name__}.", "RFC 5280 4.1, 5.1"
            ),
        )


def _keys() -> Keys:
    """Every Authority by its key identifier, as the Repository writes it."""
    return {key_identifier(bytes(each.point)).hex().upper(): each for each in authorities()}


def _lint_certificate(row: tuple[Any, ...], keys: Keys) -> tuple[Finding, ...]:
    _, kind, environment_key, issuer_key_id, not_before_at, der = row
    profile = profile_in_force(kind, at=not_before_at)
    authority = keys.get(issuer_key_id)
    if authority is None or (authority.kind, authority.environment) != (profile.issuer, environment_key):
        return (_UNKNOWN,)
    issuer = None if profile.self_signed else issuer_of(authority)
    expected = Expected(profile, environment(environment_key), issuer, bytes(authority.point))
    return lint_certificate(bytes(der), expected)


def _lint_list(row: tuple[Any, ...], keys: Keys) -> tuple[Finding, ...]:
    _, issuer_key_id, der = row
    authority = keys.get(issuer_key_id)
    if authority is None:
        return (_UNKNOWN,)
    return lint_list(bytes(der), ExpectedList(issuer_of(authority), bytes(authority.point)))

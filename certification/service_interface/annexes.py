"""The annex that belongs to the SMKI Interface Design Specification in force, beside what the interface does. L4.1

DCC records, for the version in force, the annex in the form that machines read. What runs is compared with it;
a difference is DCC's duty to settle, in the software or by a modification of the document.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from certification.service_interface.differences import Difference, compute_differences
from certification.service_interface.machine import annex
from certification.service_interface.models import RecordedAnnex
from repository.documents.kinds import ONE_OF_A_KIND
from repository.documents.models import Version
from repository.documents.states import CURRENT
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

MAINTAINING = clause("L4.1").id
DIFFERS = "interface.annex_differs"
LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """The annex recorded last, if any; whether its document has been superseded; where it differs from what runs."""

    recorded: RecordedAnnex | None
    superseded: bool
    differences: tuple[Difference, ...]

    @property
    def is_alarm(self) -> bool:
        return self.superseded or bool(self.differences)


def compare() -> Comparison:
    """The annex recorded last against what runs now."""
    recorded = RecordedAnnex.objects.select_related("version__document").order_by("recorded_at").last()
    if recorded is None:
        return Comparison(None, False, ())
    running: dict[str, Any] = json.loads(annex.text_of(annex.annex()))
    found = compute_differences(json.loads(recorded.content), running)
    return Comparison(recorded, recorded.version.state != CURRENT, tuple(found))


def documents() -> list[Version]:
    """The current versions that may be the SMKI Interface Design Specification: those without a place of their own."""
    current = Version.objects.filter(state=CURRENT).exclude(document__kind__in=list(ONE_OF_A_KIND))
    return list(current.select_related("document").order_by("document__title"))


@service
def record_annex(*, version_id: UUID, content: bytes, by: Actor, at: datetime | None = None) -> RecordedAnnex:
    """DCC records the annex that belongs to a version in force of the specification. L4.1, L4.4

    content: JSON as the annex is served. Raises RuleViolation for anything else and for a version not in force.
    """
    at = at or clock.now()
    holding = authority.require(by, Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, clause=MAINTAINING, at=at)
    if holding is None:
        raise authority.refusal(Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, clause=MAINTAINING)
    text = _checked(content)
    version = Version.objects.filter(pk=version_id, state=CURRENT).first()
    if version is None:
        raise RuleViolation(
            "Choose the version of the specification that is in force.", clause="L4.4", field="version"
        )
    recorded = RecordedAnnex(
        version=version,
        content=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        recorded_at=at,
        recorded_by_id=holding.person_id,
    )
    recorded.save()
    facts = {"document": version.document.title, "version": version.number, "sha256": recorded.sha256}
    record("annex.recorded", clause="L4.4", by=by, subject=recorded, facts=facts, audience="parties")
    return recorded


def _checked(content: bytes) -> str:
    try:
        read = json.loads(content[: LARGEST + 1].decode("utf-8"))
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or "format" not in read:
        raise RuleViolation(
            "This is not an annex. Choose the JSON file that belongs to the specification.",
            clause="L4.4",
            field="file",
        )
    return annex.text_of(read)


@service
def compare_annex(*, by: Actor, at: datetime | None = None) -> Comparison:
    """Open DCC's duty where what runs is not what the document in force states, and discharge it again. L4.1"""
    authority.require(by, "clock", clause=MAINTAINING, at=at)
    found = compare()
    open_ones = Duty.objects.open().filter(kind=DIFFERS).exists()
    if found.recorded is None or found.is_alarm == open_ones:
        return unchanged(found)
    if found.is_alarm:
        open_duty(
            kind=DIFFERS,
            clause=MAINTAINING,
            title="Settle where the SMKI Service Interface differs from its specification in force",
            role=Role.DCC_CA_OPERATOR,
            subject=found.recorded,
            due_at=None,
            url=reverse("service_interface:compare_annex"),
        )
    else:
        for earlier in RecordedAnnex.objects.all():
            discharge_duties(kind=DIFFERS, subject=earlier)
    record(
        "annex.differs" if found.is_alarm else "annex.agrees",
        clause=MAINTAINING,
        by=by,
        subject=found.recorded,
        facts={"superseded": found.superseded, "places": [each.place for each in found.differences][:100]},
        audience="dcc",
    )
    return found

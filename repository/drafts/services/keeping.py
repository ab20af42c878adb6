"""A stored file of a draft that is damaged: reported at once, never served. L9.12"""

from datetime import datetime
from uuid import UUID

from repository.drafts.models import Revision
from smki_pma.calendar import clock
from smki_pma.duties import repairs
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

REPAIR = "drafts.repair_file"


@service
def report_damage(*, revision_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Revision:
    """A duty for DCC to restore the file; the report names its hash and nothing of its content. L9.7"""
    revision = Revision.objects.select_related("draft").get(pk=revision_id)
    cited = revision.draft.cited("L9.7")
    authority.require(by, "clock", clause=cited, at=at or clock.now())
    if Duty.objects.open().about(REPAIR, revision).exists():
        return unchanged(revision)
    open_duty(
        kind=REPAIR,
        clause=cited,
        title=f"Restore a stored file ({revision.sha256[:12]})",
        role=Role.DCC_CA_OPERATOR,
        subject=revision,
    )
    facts = {"sha256": revision.sha256, "reason": reason}
    record("draft.file_damaged", clause=cited, by=by, subject=revision.draft, facts=facts, audience="cps")
    return revision


@service
def close_damage(*, revision_id: UUID, by: Actor) -> Revision:
    """A reported file is whole again. L9.7"""
    revision = Revision.objects.select_related("draft").get(pk=revision_id)
    cited = revision.draft.cited("L9.7")
    authority.require(by, "clock", clause=cited)
    if not discharge_duties(kind=REPAIR, subject=revision):
        return unchanged(revision)
    facts = {"sha256": revision.sha256}
    record("draft.file_whole", clause=cited, by=by, subject=revision.draft, facts=facts, audience="cps")
    return revision


def check_files() -> dict[str, int]:
    """Read every stored file of a draft, report what is damaged and close what is whole again. L9.7"""
    by = Actor.clock()
    return repairs.check_files(
        Revision.objects.defer("text").order_by("uploaded_at"),
        report=lambda revision, reason: report_damage(revision_id=revision.pk, reason=reason, by=by),
        kind=REPAIR,
        close=lambda revision: close_damage(revision_id=revision.pk, by=by),
    )

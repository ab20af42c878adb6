"""A stored file whose bytes are wrong: reported to DCC at once and never served. L5.2"""

from uuid import UUID

from repository.documents.models import Version
from smki_pma.clauses import clause
from smki_pma.duties import repairs
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding

REPAIR = "documents.repair_file"
KEEPING = clause("L5.2").id


@service
def report_damage(*, version_id: UUID, reason: str, by: Actor) -> Version:
    """Report a damaged file of a lodged version: a duty for DCC, a notice to DCC and the Secretariat. L5.2"""
    authority.require(by, "clock", clause=KEEPING)
    version = Version.objects.select_related("document").get(pk=version_id)
    if Duty.objects.open().about(REPAIR, version).exists():
        return unchanged(version)
    open_duty(
        kind=REPAIR,
        clause=KEEPING,
        title=f"Restore the stored file of a Repository document ({version.sha256[:12]})",
        role=Role.DCC_CA_OPERATOR,
        subject=version,
        url="",
    )
    send_notice(
        clause=KEEPING,
        subject="A stored file of the Repository is damaged",
        body=(
            f"The stored file with SHA-256 {version.sha256} is damaged or missing and is no longer served. "
            "Restore it from the backup; the daily check or the next reading closes this report."
        ),
        people=people_holding(Role.DCC_CA_OPERATOR, Role.SECRETARIAT),
    )
    facts = {"sha256": version.sha256, "reason": reason}
    record("document.found_damaged", clause=KEEPING, by=by, subject=version, facts=facts, audience="dcc")
    return version


@service
def close_damage(*, version_id: UUID, by: Actor) -> Version:
    """A reported file is whole again. L5.2"""
    authority.require(by, "clock", clause=KEEPING)
    version = Version.objects.get(pk=version_id)
    if not discharge_duties(kind=REPAIR, subject=version):
        return unchanged(version)
    record(
        "document.found_whole",
        clause=KEEPING,
        by=by,
        subject=version,
        facts={"sha256": version.sha256},
        audience="dcc",
    )
    return version


def check_files() -> dict[str, int]:
    """Read every stored version, report what is damaged and close what is whole again. L5.2"""
    by = Actor.clock()
    return repairs.check_files(
        Version.objects.order_by("lodged_at").iterator(chunk_size=200),
        report=lambda version, reason: report_damage(version_id=version.pk, reason=reason, by=by),
        kind=REPAIR,
        close=lambda version: close_damage(version_id=version.pk, by=by),
    )

"""A signed document or a meeting paper whose stored bytes are wrong: reported at once, never served.

The Repository's documents and the CPS drafts look after their own files.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from django.http import HttpRequest, HttpResponse

from smki_pma.clauses import clause
from smki_pma.duties import repairs
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.files.store import DamagedFile
from smki_pma.governance.meetings.models import Paper
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.ledger.models import EntryText
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding
from smki_pma.records.models import Record
from smki_pma.ui import refusals

REPAIR = "website.repair_file"
PAPERS = clause("L1.15").id
Kept = Record | Paper


class DamagedFileMiddleware:
    """A page that met a damaged file of ours says so, once the file is reported."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DamagedFile):
            return None
        damaged = [*_kept(exception.sha256)]
        for kept in damaged:
            report_damage(kept=kept, reason=exception.reason, by=Actor.clock())
        return refusals.file_damaged(request) if damaged else None


@service
def report_damage(*, kept: Kept, reason: str, by: Actor) -> Kept:
    """A duty for DCC to restore the file, a notice to DCC and the Secretariat; neither says what it is of. L1.15"""
    cited = _clause(kept)
    authority.require(by, "clock", clause=cited)
    if Duty.objects.open().about(REPAIR, kept).exists():
        return unchanged(kept)
    open_duty(
        kind=REPAIR,
        clause=cited,
        title=f"Restore a stored file ({kept.sha256[:12]})",
        role=Role.DCC_CA_OPERATOR,
        subject=kept,
    )
    send_notice(
        clause=cited,
        subject="A stored file is damaged",
        body=(
            f"The stored file with SHA-256 {kept.sha256} is damaged or missing and is no longer served. "
            "Restore it from the backup; the daily check closes this report."
        ),
        people=people_holding(Role.DCC_CA_OPERATOR, Role.SECRETARIAT),
    )
    _record("stored_file.found_damaged", kept, facts={"reason": reason}, by=by)
    return kept


@service
def close_damage(*, kept: Kept, by: Actor) -> Kept:
    """A reported file is whole again. L1.15"""
    authority.require(by, "clock", clause=_clause(kept))
    if not discharge_duties(kind=REPAIR, subject=kept):
        return unchanged(kept)
    _record("stored_file.found_whole", kept, facts={}, by=by)
    return kept


def check_files() -> dict[str, int]:
    """Read every signed document and meeting paper, report what is damaged and close what is whole again. L1.15"""
    by = Actor.clock()
    return repairs.check_files(
        _kept(),
        report=lambda kept, reason: report_damage(kept=kept, reason=reason, by=by),
        kind=REPAIR,
        close=lambda kept: close_damage(kept=kept, by=by),
    )


def _kept(sha256: str = "") -> Iterator[Kept]:
    """What has a stored file: that of this hash, or any."""
    wanted = {"sha256": sha256} if sha256 else {}
    found = (model.objects.filter(**wanted).exclude(sha256="").order_by("pk") for model in (Record, Paper))
    return chain.from_iterable(rows.iterator(chunk_size=200) for rows in found)


def _clause(kept: Kept) -> str:
    """That of the act which the document is about; a paper is of a meeting."""
    if isinstance(kept, Paper):
        return PAPERS
    return EntryText.objects.get(act_id=kept.act_id).clause


def _record(event: str, kept: Kept, *, facts: dict[str, object], by: Actor) -> None:
    of_record = isinstance(kept, Record)
    record(
        event,
        clause=_clause(kept),
        by=by,
        subject=kept,
        facts={"sha256": kept.sha256, **facts},
        audience=kept.audience if of_record else "pma",
        party_id=kept.party_id if of_record else None,
    )

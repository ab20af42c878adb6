"""Papers for items: brought with the notice, or late with the Chair's leave (L1.15)."""

from uuid import UUID

from django.db.models import Max

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.files.kept_out import check_may_be_open
from smki_pma.governance.meetings.models import Paper
from smki_pma.governance.meetings.room import locked_item, require_chair_or_alternate
from smki_pma.governance.meetings.selectors import may_read_item
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import reading, record, service
from smki_pma.parties.authority import require
from smki_pma.parties.models import Person
from smki_pma.parties.roles import PMA_READERS, Role

CONFIDENTIAL = (
    "This file cannot be a paper of an open item: it is confidential to DCC and the SMKI PMA. Put a confidential item "
    "on the agenda, or choose another file."
)


@service
def add_paper(
    *,
    item_id: UUID,
    title: str,
    by: Actor,
    sha256: str = "",
    size: int = 0,
    media_type: str = "",
    url: str = "",
) -> Paper:
    """Bring a paper for an item; once notice is given it is late and needs the Chair's leave (house rule on C5)."""
    require(by, Role.SECRETARIAT, Role.PMA_CHAIR, "owner", clause="L1.15")
    item = locked_item(item_id)
    if item.state in ("closed", "withdrawn") or item.meeting.is_over:
        raise RuleViolation("The item is over: no paper can be brought.", clause="L1.15")
    if not title.strip():
        raise RuleViolation("Give the paper a title.", clause="L1.15", field="title")
    if not sha256 and not url:
        raise RuleViolation(
            "Choose a file or give the address of the document.", clause="L1.15", field="file"
        )
    if not item.confidential:
        check_may_be_open(sha256, refusal=CONFIDENTIAL)
    number = (Paper.objects.filter(item=item).aggregate(last=Max("number"))["last"] or 0) + 1
    paper = Paper(
        item=item,
        number=number,
        title=title,
        sha256=sha256,
        size=size,
        media_type=media_type,
        url=url,
        brought_at=clock.now(),
        late=item.meeting.state != "draft",
    )
    paper.save()
    facts = {
        "meeting": item.meeting.reference,
        "item": item.number,
        "paper": number,
        "sha256": sha256,
        "late": paper.late,
    }
    record("paper.brought", clause="L1.15", by=by, subject=paper, facts=facts, audience="pma")
    return paper


@service(reads="meeting paper")
def read_confidential_paper(*, paper_id: UUID, by: Actor) -> Paper:
    """Reading a paper of a confidential item is logged (L9.12)."""
    require(by, *PMA_READERS, Role.SMKI_SPECIALIST, clause="L9.12")
    paper = Paper.objects.select_related("item").get(pk=paper_id)
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None or not may_read_item(person, paper.item):
        raise NotEntitled("This item is confidential.", clause="L9.12", hidden=True)
    reading(paper)
    return paper


@service
def give_leave(*, paper_id: UUID, ground: str, by: Actor) -> Paper:
    """The Chair, or the Chair's Alternate, lets a late paper in, on record (house rule on C5)."""
    require_chair_or_alternate(by, "Only the Chair or the Chair's Alternate gives leave.", clause="L1.15")
    paper = Paper.objects.select_related("item").get(pk=paper_id)
    locked_item(paper.item_id)
    paper.refresh_from_db()
    if paper.is_admitted:
        raise RuleViolation("This paper needs no leave, or has it already.", clause="L1.15")
    if not ground.strip():
        raise RuleViolation("Say why the late paper is let in.", clause="L1.15", field="ground")
    paper.leave_at, paper.leave_ground, paper.leave_by = clock.now(), ground, by.name
    paper.save()
    facts = {"paper": paper.number, "item": paper.item.number, "sha256": paper.sha256}
    record("paper.admitted", clause="L1.15", by=by, subject=paper, facts=facts, audience="pma")
    return paper

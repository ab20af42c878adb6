"""Putting a question to the PMA (L1.15)."""

from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.listing import tell_owner
from smki_pma.governance.meetings.models import Item, Meeting, Vote
from smki_pma.governance.meetings.motions import (
    ExactVersion,
    MotionKind,
    Option,
    Parameters,
    Proposition,
    motion_kind,
)
from smki_pma.governance.meetings.room import locked_item
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.authority import require
from smki_pma.parties.roles import Role

NO_DOCUMENT = ExactVersion(label="", sha256="")


@service
def propose_vote(
    *,
    item_id: UUID,
    kind: str,
    option: str,
    by: Actor,
    subject_id: UUID | None = None,
    parameters: Parameters | None = None,
    question: str = "",
    public_question: str = "",
) -> Vote:
    """Put one question on an item: the motion, its option and parameters are fixed from here on (L1.15)."""
    require(by, Role.SECRETARIAT, Role.PMA_CHAIR, "owner", clause="L1.15")
    item = locked_item(item_id)
    if item.state not in ("listed", "open") or item.meeting.is_over:
        raise RuleViolation("The item is over: no question can be put on it.", clause="L1.15")
    motion = motion_kind(kind)
    chosen = motion.option(option)
    _check_meeting_may_decide(item.meeting, motion)
    _check_subject_fits(item, motion.subject_model, subject_id)
    if motion.confidential and not item.confidential:
        raise RuleViolation(
            "This motion is confidential, so its item must be: put a confidential item on the agenda.",
            clause="L9.12",
        )
    if item.subject_id is None and subject_id is not None:
        item.subject_model, item.subject_id = motion.subject_model, subject_id
        item.save()
        tell_owner(item)
    vote = _vote(item, motion, chosen, subject_id, parameters or {})
    vote.question = question or vote.question
    vote.public_question = public_question[:300] or vote.public_question
    vote.proposition = frozen.freeze(_proposition(vote))
    vote.save()
    facts = {"vote": vote.reference, "kind": kind, "option": option, "question": vote.public_question}
    facts["proposition_sha256"] = frozen.digest(vote.proposition)
    record("vote.proposed", clause=motion.clause, by=by, subject=vote, facts=facts, audience="pma")
    return vote


def _vote(
    item: Item, motion: MotionKind, option: Option, subject_id: UUID | None, parameters: Parameters
) -> Vote:
    """The vote with what the subject's owner says of the motion, numbered within the meeting."""
    said = motion.proposition(subject_id, option.key, parameters)
    document = said.document or NO_DOCUMENT
    number = Vote.objects.filter(item__meeting=item.meeting).count() + 1
    return Vote(
        item=item,
        reference=f"{item.meeting.reference}/{number:02}",
        kind=motion.key,
        option=option.key,
        clause=motion.clause,
        parameters=parameters,
        subject_model=motion.subject_model,
        subject_id=subject_id,
        question=said.question,
        public_question=_public_question(item, motion, said)[:300],
        effect=option.effect,
        document_label=document.label,
        document_sha256=document.sha256,
        document_url=document.url,
        proposed_at=clock.now(),
    )


def _check_meeting_may_decide(meeting: Meeting, motion: MotionKind) -> None:
    """A meeting that is convened at once decides under L2.14 and nothing else (house rule on C5)."""
    if meeting.is_emergency and not motion.for_emergency:
        raise RuleViolation(
            "This meeting is for emergency suspension alone. Put the question at an ordinary meeting.",
            clause="L2.14",
        )


def _check_subject_fits(item: Item, subject_model: str, subject_id: UUID | None) -> None:
    if subject_model and subject_id is None:
        raise RuleViolation("Choose what is to be decided on.", clause="L1.15", field="subject")
    if item.subject_id is not None and subject_id != item.subject_id:
        raise RuleViolation(
            "This item is about another subject. Put the question on an item of its own.", clause="L1.15"
        )


def _public_question(item: Item, motion: MotionKind, said: Proposition) -> str:
    """What may stand anywhere: on a confidential item the words of an open motion may not (L9.12)."""
    return item.public_title if item.confidential and not motion.confidential else said.public_question


def _proposition(vote: Vote) -> dict[str, object]:
    return {
        "version": frozen.VERSION,
        "vote": vote.reference,
        "kind": vote.kind,
        "option": vote.option,
        "clause": vote.clause,
        "parameters": vote.parameters,
        "subject": f"{vote.subject_model}:{vote.subject_id}" if vote.subject_id else "",
        "question": vote.question,
        "effect": vote.effect,
        "document": {"label": vote.document_label, "sha256": vote.document_sha256},
    }

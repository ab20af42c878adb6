"""What a carried vote does: its service runs with the resolution as authority."""

from uuid import UUID

from django.utils.module_loading import import_string

from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.governance.meetings.models import EffectState, Resolution, Vote
from smki_pma.governance.meetings.motions import motion_kind
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import attempt, record, service
from smki_pma.parties.authority import require
from smki_pma.parties.roles import Role

REFUSED = "meetings.effect_refused"


def carry_out(vote: Vote, by: Actor) -> Resolution:
    """Make the resolution and run its effect in a savepoint; part of the closing act (L1.15).

    A refused effect leaves the resolution standing, marked with the reason, and a duty of the Secretariat.
    """
    resolution = Resolution(vote=vote, reference=vote.reference, carried_at=vote.closed_at or clock.now())
    resolution.save()
    _run(resolution, vote, by)
    return resolution


def _run(resolution: Resolution, vote: Vote, by: Actor) -> None:
    carries = motion_kind(vote.kind).option(vote.option).carries
    resolution.effect_at = clock.now()
    if not carries:
        resolution.effect_state = EffectState.NONE
        resolution.save()
        return
    carry = import_string(carries)
    authority = Actor.pma(resolution.pk, resolution.reference, by)
    _, refusal = attempt(lambda: carry(subject_id=vote.subject_id, parameters=vote.parameters, by=authority))
    if refusal is None:
        resolution.effect_state, resolution.effect_reason, resolution.effect_clause = EffectState.DONE, "", ""
    else:
        resolution.effect_state = EffectState.REFUSED
        resolution.effect_reason, resolution.effect_clause = refusal.message, refusal.clause.id
        _ask_secretariat(resolution)
    resolution.save()


def _ask_secretariat(resolution: Resolution) -> None:
    open_duty(
        kind=REFUSED,
        clause="L1.15",
        title=f"Settle the refused effect of resolution {resolution.reference}",
        role=Role.SECRETARIAT,
        subject=resolution,
        url=f"/meetings/votes/{resolution.vote_id}/",
    )


@service
def carry_out_again(*, resolution_id: UUID, by: Actor) -> Resolution:
    """Try a refused effect again, once what stood in its way is gone; the resolution is the same (L1.15)."""
    require(by, Role.SECRETARIAT, clause="L1.15")
    resolution = Resolution.objects.select_for_update().get(pk=resolution_id)
    if not resolution.is_refused:
        raise RuleViolation("The effect of this resolution was not refused.", clause="L1.15")
    vote = Vote.objects.select_related("item").get(pk=resolution.vote_id)
    _run(resolution, vote, by)
    if not resolution.is_refused:
        discharge_duties(kind=REFUSED, subject=resolution)
    facts = {"resolution": resolution.reference, "effect": resolution.effect_state}
    record("resolution.carried_out", clause="L1.15", by=by, subject=resolution, facts=facts, audience="pma")
    return resolution

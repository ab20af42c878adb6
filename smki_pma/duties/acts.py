"""What services call to open and close duties. Part of the calling act: no entry of their own."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction

from smki_pma.calendar import clock
from smki_pma.clauses import clause as cited
from smki_pma.duties.models import Duty
from smki_pma.ledger.gate import current_act_id
from smki_pma.parties.roles import Role


def open_duty(
    *,
    kind: str,
    clause: str,
    title: str,
    subject: models.Model,
    role: Role | None = None,
    holding_id: UUID | None = None,
    party_id: UUID | None = None,
    due_at: datetime | None = None,
    url: str = "",
) -> Duty:
    """Open a duty, or return the one that is open already for the same holder, kind and subject."""
    keys = {
        "kind": kind,
        "subject_type": subject._meta.label,
        "subject_id": str(subject.pk),
        "role": role or "",
        "holding_id": holding_id,
        "party_id": party_id,
    }
    present = Duty.objects.open().filter(**keys).first()
    if present is not None:
        return present
    duty = Duty(
        **keys,
        clause=cited(clause).id,
        title=title,
        url=url,
        opened_at=clock.now(),
        due_at=due_at,
        opened_act=current_act_id(),
    )
    try:
        with transaction.atomic():
            duty.save()
    except IntegrityError:
        # Another act opened it at the same moment: its duty stands, unless it was some other constraint.
        present = Duty.objects.open().filter(**keys).first()
        if present is None:
            raise
        return present
    return duty


def discharge_duties(
    *, kind: str, subject: models.Model, holding_id: UUID | None = None, party_id: UUID | None = None
) -> int:
    """Mark the open duties of a kind about a subject as discharged, or those of one holder; returns how many."""
    return _close("discharged_at", kind, subject, holding_id, party_id)


def withdraw_duties(
    *, kind: str, subject: models.Model, holding_id: UUID | None = None, party_id: UUID | None = None
) -> int:
    """Mark open duties as withdrawn, or those of one holder: no longer owed, not done; returns how many."""
    return _close("withdrawn_at", kind, subject, holding_id, party_id)


def set_due(*, kind: str, subject: models.Model, due_at: datetime | None) -> int:
    """Give the open duties of a kind about a subject another due date, or none for now; returns how many."""
    return Duty.objects.open().about(kind, subject).update(due_at=due_at)


def _close(
    column: str, kind: str, subject: models.Model, holding_id: UUID | None, party_id: UUID | None
) -> int:
    duties = Duty.objects.open().about(kind, subject)
    if holding_id is not None:
        duties = duties.filter(holding_id=holding_id)
    if party_id is not None:
        duties = duties.filter(party_id=party_id)
    return duties.update(**{column: clock.now()}, closed_act=current_act_id())

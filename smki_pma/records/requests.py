"""Asking for a document, from within the service whose act it is about."""

from uuid import UUID

from django.db import models

from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.ledger.gate import GateError, current_act_id
from smki_pma.records.models import Record


def request_record(
    *,
    kind: str,
    title: str,
    subject: models.Model,
    template: str,
    context_builder: str,
    audience: str,
    party_id: UUID | None = None,
) -> Record:
    """Have a signed PDF made about what the running service does. The service records its own entry.

    template: extends "records/document.html". context_builder: dotted path to a function that takes the
    Record and gives the template's context. title: never confidential, it goes into the file's name.
    """
    act_id = current_act_id()
    if act_id is None:
        raise GateError("A document is asked for inside a service.")
    record = Record(
        kind=kind,
        title=title,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        template=template,
        context_builder=context_builder,
        audience=audience,
        party_id=party_id,
        act_id=act_id,
        requested_at=clock.now(),
    )
    record.save()
    jobs.enqueue("records.make", {"record": str(record.pk)}, key=f"records.make:{record.pk}")
    return record

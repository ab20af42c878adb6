"""A subscriber does not accept what was issued to it. Services."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.requests.suspension import Service, check_not_suspended, hold_off_suspensions
from certification.revocations import rules
from certification.revocations.models import Rejection
from certification.revocations.revoking import locked_certificate, overtake, revoke
from certification.revocations.rules import PRACTICE, SERVING, Reason
from certification.revocations.selectors import subscriber_of
from certification.revocations.states import NEW, REJECTION
from certification.subscribers.permissions import require_ra_officer, require_responsible_officer
from repository.certificates.kinds import CertificateKind
from repository.certificates.models import Certificate
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure

INVESTIGATE = "rejection.investigate"


@service
def reject_certificate(
    *, certificate_id: int, explanation: str, by: Actor, at: datetime | None = None
) -> Rejection:
    """A responsible officer rejects a Certificate on its issue. L3.4

    An Organisation Certificate is revoked at once; of a Device Certificate, which never is, DCC finds out
    what went wrong. Rejecting it twice changes nothing.
    """
    hold_off_suspensions()
    at = at or clock.now()
    certificate = locked_certificate(certificate_id)
    party = subscriber_of(certificate)
    if party is None:
        raise NotEntitled("Only the subscriber rejects a Certificate.", clause=SERVING)
    person_id = require_responsible_officer(by, party_id=party.pk, clause=SERVING, at=at)
    if (present := Rejection.objects.filter(certificate=certificate).first()) is not None:
        return unchanged(present)
    hours = figure("revocations.rejection_hours", at=at)
    rules.check_rejection_in_time(certificate.lodged_at, at, hours=hours)
    explanation = rules.check_explained(
        explanation, field="explanation", asks="Say what is wrong with the Certificate."
    )
    is_device = certificate.kind == CertificateKind.DEVICE
    move = REJECTION.move("reject_device" if is_device else "reject_organisation", state=NEW)
    rejection = Rejection(
        certificate=certificate,
        party=party,
        explanation=explanation,
        rejected_by_id=person_id,
        rejected_at=at,
        state=move.target,
    )
    rejection.save()
    if is_device:
        _investigate(rejection)
    else:
        check_not_suspended(party_id=party.pk, at=at, service=Service.REVOKE)
        overtake(certificate, at=at)
        revoke(certificate, Reason.REJECTION, by=by, at=at)
    _record(rejection, certificate, move.event, by=by, facts={"revoked": not is_device})
    return rejection


def _investigate(rejection: Rejection) -> None:
    open_duty(
        kind=INVESTIGATE,
        clause=PRACTICE,
        title=f"Investigate why Device Certificate {rejection.certificate.serial} was rejected",
        role=Role.DCC_RA_OFFICER,
        subject=rejection,
        url=reverse("revocations:rejection_detail", args=[rejection.pk]),
    )


@service
def conclude_investigation(
    *, rejection_id: UUID, finding: str, by: Actor, at: datetime | None = None
) -> Rejection:
    """A Registration Authority officer says what came of a rejected Device Certificate. L3.5"""
    at = at or clock.now()
    rejection = (
        Rejection.objects.select_for_update(of=("self",))
        .select_related("certificate", "rejected_by")
        .get(pk=rejection_id)
    )
    move = REJECTION.move("conclude", state=rejection.state)
    rejection.concluded_by_id = require_ra_officer(by, clause=move.clause, at=at)
    rejection.finding = rules.check_explained(
        finding, field="finding", asks="Say what you found, and what was done about it."
    )
    rejection.concluded_at = at
    rejection.state = move.target
    rejection.save()
    discharge_duties(kind=INVESTIGATE, subject=rejection)
    send_notice(
        clause=move.clause,
        subject=f"What DCC found about Certificate {rejection.certificate.serial}",
        body=f"You rejected this Device Certificate. {rejection.finding}",
        people=[rejection.rejected_by],
        url=reverse("revocations:rejection_detail", args=[rejection.pk]),
    )
    _record(rejection, rejection.certificate, move.event, by=by, facts={})
    return rejection


def _record(
    rejection: Rejection, certificate: Certificate, event: str, *, by: Actor, facts: dict[str, object]
) -> None:
    record(
        event,
        clause=SERVING if event == "certificate.rejected" else PRACTICE,
        by=by,
        subject=rejection,
        facts={"serial": certificate.serial, "kind": certificate.kind} | facts,
        audience="party",
        party_id=rejection.party_id,
    )

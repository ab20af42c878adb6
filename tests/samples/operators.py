"""Operators of DCC who plan and approve key ceremonies."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from certification.authorities.models import Authority, Ceremony
from certification.authorities.planning import plan_arl, plan_ceremony, plan_roll_over
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import active_authority
from certification.authorities.services import approve_ceremony
from certification.revocations.revoking import revoke
from certification.revocations.rules import Reason
from repository.certificates.models import Certificate
from smki_pma.calendar.clock import now
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from tests.samples.certification import NAMES
from tests.samples.community import actor


def revoke_active(kind: CertificateKind, environment: str = "live") -> Authority:
    """The Authority that issues is Compromised: its Certificate is revoked."""
    authority = active_authority(kind, environment)
    assert authority is not None
    certificate = Certificate.objects.get(sha256=authority.certificate_sha256)
    with writing_for_tests(), transaction.atomic():
        revoke(certificate, Reason.COMPROMISE, by=Actor.clock(), at=now())
    authority.refresh_from_db()
    return authority


@dataclass
class Operators:
    first: Person
    second: Person
    registrar: Person

    def by(self, person: Person, role: Role = Role.DCC_CA_OPERATOR) -> Actor:
        return actor(person, role)

    def plan(self, **changes: Any) -> Ceremony:
        given = {
            "environment": "live",
            "names": NAMES,
            "witnesses": ["Wilma Witness"],
            "by": self.by(self.first),
        }
        return plan_ceremony(**(given | changes))

    def approve(self, ceremony: Ceremony, person: Person, **changes: Any) -> Ceremony:
        given = {"ceremony_id": ceremony.pk, "script_sha256": ceremony.script_sha256, "by": self.by(person)}
        return approve_ceremony(**(given | changes))

    def approved(self, planned: Ceremony | None = None) -> Ceremony:
        """Approved by both; the ceremony that makes the four Authorities if none is given."""
        ceremony = planned or self.plan()
        self.approve(ceremony, self.first)
        return self.approve(ceremony, self.second)

    def roll_over(self, authority: Authority, name: str, **changes: Any) -> Ceremony:
        given = {
            "authority_id": authority.pk,
            "name": name,
            "witnesses": ["Wilma"],
            "by": self.by(self.first),
        }
        return plan_roll_over(**(given | changes))

    def arl(self, root: Authority, **changes: Any) -> Ceremony:
        given = {"root_id": root.pk, "witnesses": ["Wilma"], "by": self.by(self.first)}
        return plan_arl(**(given | changes))

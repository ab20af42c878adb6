"""The Authorities of the sample community, live and test, made by the same ceremony as any.

The live ones carry sample object identifiers (see environments.py) and are marked as samples wherever shown.
"""

from __future__ import annotations

from certification.authorities.keys import KeyUnavailable, key_backend
from certification.authorities.models import Ceremony
from certification.authorities.planning import plan_ceremony
from certification.authorities.profiles import CertificateKind
from certification.authorities.services import (
    CLAUSE,
    approve_ceremony,
    complete_ceremony,
    prepare_ceremony,
)
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding

NAMES = {
    "live": {
        CertificateKind.ROOT_DCA: "DR1",
        CertificateKind.ISSUING_DCA: "DI1",
        CertificateKind.ROOT_OCA: "OR1",
        CertificateKind.ISSUING_OCA: "OI1",
    },
    "test": {
        CertificateKind.ROOT_DCA: "TDR1",
        CertificateKind.ISSUING_DCA: "TDI1",
        CertificateKind.ROOT_OCA: "TOR1",
        CertificateKind.ISSUING_OCA: "TOI1",
    },
}
WITNESSES = ["Sample witness"]


def create_sample_authorities() -> list[Ceremony]:
    """Hold the ceremony of each environment with the first two operators, once. L3.5

    Gives those held before where there are any. Where this process may hold no key the worker carries a
    ceremony out, as it does for any.
    """
    return [_hold_once(environment) for environment in NAMES]


def _hold_once(environment: str) -> Ceremony:
    held = Ceremony.objects.filter(environment=environment).order_by("planned_at").first()
    if held is not None:
        return held
    operators = [acting_as(person, Role.DCC_CA_OPERATOR, clause=CLAUSE) for person in _operators()]
    ceremony = plan_ceremony(
        environment=environment, names=NAMES[environment], witnesses=WITNESSES, by=operators[0]
    )
    for operator in operators:
        ceremony = approve_ceremony(
            ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=operator
        )
    return carry_out(ceremony)


def _operators() -> list[Person]:
    operators = people_holding(Role.DCC_CA_OPERATOR)[:2]
    if len(operators) < 2:
        raise RuleViolation("A key ceremony needs two DCC Certification Authority operators.", clause=CLAUSE)
    return operators


def carry_out(ceremony: Ceremony) -> Ceremony:
    """Do the worker's part now, if this process holds the passphrase; the job then finds it done."""
    try:
        key_backend()
    except KeyUnavailable:
        return ceremony
    prepare_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())
    return complete_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())

"""Working Authorities and Authorised Subscribers for tests, walked there through the services."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from certification.authorities.planning import plan_ceremony
from certification.authorities.profiles import CertificateKind
from certification.authorities.services import (
    approve_ceremony,
    complete_ceremony,
    prepare_ceremony,
)
from certification.requests import services
from certification.requests.models import CertificateRequest
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.register import assign_range
from certification.subscribers.rules import Policy, steps_for
from certification.subscribers.services import apply_to_subscribe, authorise_subscriber, record_step
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.models import Holding, Office, Party, Person
from smki_pma.parties.roles import Role
from tests.samples.community import SINCE, actor, party, person_in

NAMES = {
    CertificateKind.ROOT_DCA: "R1",
    CertificateKind.ISSUING_DCA: "D1",
    CertificateKind.ROOT_OCA: "R2",
    CertificateKind.ISSUING_OCA: "O1",
}
PASSPHRASE = "a passphrase of the tests only"
FIRST, LAST = "90-B3-D5-1F-30-01-00-00", "90-B3-D5-1F-30-01-FF-FF"


def use_keys_in(settings: Any, folder: Path) -> None:
    """Let the test's process hold CA keys, as a worker does, in a folder of its own."""
    settings.SMKI_CA_KEY_DIR = folder
    settings.SMKI_PROCESS = "worker"


def make_authorities(operator: Person, second: Person, environment: str = "live") -> None:
    """The four Authorities of an environment, by a ceremony of two operators."""
    by = actor(operator, Role.DCC_CA_OPERATOR)
    names = NAMES if environment == "live" else {kind: f"T{name}" for kind, name in NAMES.items()}
    ceremony = plan_ceremony(environment=environment, names=names, witnesses=["The test"], by=by)
    for person in (operator, second):
        approve_ceremony(
            ceremony_id=ceremony.pk,
            script_sha256=ceremony.script_sha256,
            by=actor(person, Role.DCC_CA_OPERATOR),
        )
    prepare_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())
    complete_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())


@dataclass
class Certification:
    """DCC's officers, a subscriber under both policies and its responsible officer."""

    dcc: Party
    subscriber: Party
    officer: Person
    registrar: Person
    second_registrar: Person
    operator: Person
    second_operator: Person
    keys: set[str] = field(default_factory=set)

    def by(self, person: Person | None = None, role: Role = Role.PARTY_OFFICER) -> Actor:
        return actor(person or self.officer, role)

    @property
    def by_registrar(self) -> Actor:
        return actor(self.registrar, Role.DCC_RA_OFFICER)

    @property
    def by_second_registrar(self) -> Actor:
        return actor(self.second_registrar, Role.DCC_RA_OFFICER)

    def submit(self, csr: bytes, policy: Policy = Policy.DEVICE, **arguments: Any) -> CertificateRequest:
        """Hand in a request as the subscriber's officer."""
        called = {"party_id": self.subscriber.pk, "submission_key": uuid4(), "by": self.by()} | arguments
        return services.hand_in(policy=policy, csr=csr, **called)

    def authorise(self, subscriber: Party, officer: Person, policy: Policy) -> AuthorisedSubscriber:
        """Walk a Party through application, verification by one officer, authorisation by the other."""
        return authorise(self, subscriber, officer, policy)


def complete_tests(subscriber: Party) -> None:
    """The Party has DCC's confirmation for all three purposes."""
    for purpose in ("device", "organisation", "repository"):
        setattr(subscriber, f"{purpose}_tests_confirmed_at", SINCE)
    with writing_for_tests():
        subscriber.save()


def authorise(
    them: Certification, subscriber: Party, officer: Person, policy: Policy
) -> AuthorisedSubscriber:
    application = apply_to_subscribe(
        party_id=subscriber.pk, policy=policy, officer_ids=[officer.pk], by=actor(officer, Role.PARTY_OFFICER)
    )
    for step in steps_for(policy):
        record_step(
            application_id=application.pk, step=step.key, met=True, evidence="Seen.", by=them.by_registrar
        )
    return authorise_subscriber(application_id=application.pk, by=them.by_second_registrar)


def certification() -> Certification:
    """Everything that a request needs but the Authorities (see make_authorities)."""
    dcc = party("DCC", "dcc", tests_confirmed=False)
    bright = party("Bright Energy")
    complete_tests(bright)
    them = Certification(
        dcc=dcc,
        subscriber=bright,
        officer=person_in("party-officer", "Peter Party", for_party=bright),
        registrar=person_in("dcc-ra-officer", "Rob Registrar", for_party=dcc),
        second_registrar=person_in("dcc-ra-officer", "Rita Registrar", for_party=dcc),
        operator=person_in("dcc-ca-operator", "Olga Operator", for_party=dcc),
        second_operator=person_in("dcc-ca-operator", "Otto Operator", for_party=dcc),
    )
    assign_range(party_id=bright.pk, first=FIRST, last=LAST, role_codes=[2], by=them.by_registrar)
    for policy in Policy:
        authorise(them, bright, them.officer, policy)
    return them


def hold(office_key: str, person: Person, of: Party) -> None:
    """Give somebody one more office."""
    office = Office.objects.get(key=office_key)
    with writing_for_tests():
        Holding(office=office, person=person, party=of, starts_at=SINCE, appointed_by="the test").save()

"""Rows of certification and Repository that the access matrix opens, made on the spot and undone after."""

from uuid import UUID, uuid4

from certification.authorities.lint import Finding
from certification.authorities.profiles import CertificateKind
from certification.batches.services import hand_in_batch
from certification.linting.models import Subject
from certification.linting.selectors import next_id
from certification.linting.services import record_run
from certification.requests.services import submit_request
from certification.requests.suspending import suspend_services
from certification.requests.suspension_rules import Ground as SuspensionGround
from certification.subscribers.models import Application, AuthorisedSubscriber, Eui64Range, ResponsibleOfficer
from certification.subscribers.rules import Policy
from certification.subscribers.states import IN_VERIFICATION
from repository.certificates.models import Certificate
from repository.certificates.services import lodge_certificate
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Party, Person
from smki_pma.parties.roles import Role
from tests.samples.authority_keys import Hierarchy
from tests.samples.signing_requests import organisation
from tests.samples.zips import zip_of

OFFICER = "simon.hale@aldermoor.example"


def _acting(email: str) -> Actor:
    return acting_as(Person.objects.get(email=email), Role.PARTY_OFFICER, clause="L3.4")


def request_uid() -> UUID:
    """An Organisation request of Aldermoor that waits for its check."""
    request = submit_request(
        party_id=aldermoor().pk,
        policy=Policy.ORGANISATION,
        csr=organisation().make(),
        submission_key=uuid4(),
        by=_acting(OFFICER),
    )
    return request.uid


def aldermoor() -> Party:
    return Party.objects.get(organisation__name__startswith="Aldermoor")


def application_id() -> UUID:
    """An application in verification."""
    return Application.objects.filter(state=IN_VERIFICATION).latest("applied_at").pk


def subscriber_id() -> UUID:
    return AuthorisedSubscriber.objects.get(party=aldermoor(), policy=Policy.DEVICE).pk


def responsible_officer_id() -> UUID:
    return ResponsibleOfficer.objects.get(party=aldermoor()).pk


def range_id() -> UUID:
    return Eui64Range.objects.get(party=aldermoor()).pk


def suspension_id() -> UUID:
    """A suspension of batches to Brightwater that runs; Aldermoor's are wanted elsewhere."""
    brightwater = Party.objects.get(organisation__name__startswith="Brightwater")
    suspension = suspend_services(
        services=["batch"],
        party_id=brightwater.pk,
        ground=SuspensionGround.PMA_INSTRUCTION,
        instruction="SMKI PMA, resolution 12",
        by=Actor.pma(uuid4(), "R-12", _acting(OFFICER)),
    )
    return suspension.pk


def certificate_id() -> int:
    """A Device Certificate lodged in the Repository."""
    der = Hierarchy().certificate(CertificateKind.DEVICE)
    made: Certificate = lodge_certificate(
        der=der, kind="device", environment="test", by=Actor.owner("the test")
    )
    return made.pk


def lint_run_id() -> int:
    """A run of the background lint that found something and awaits judgement."""
    certificate = certificate_id()
    run = record_run(
        subject=Subject.CERTIFICATE,
        first_id=next_id(Subject.CERTIFICATE),
        last_id=certificate,
        count=1,
        findings=[(certificate, Finding("smki.sample", "A sample of a finding.", "RFC 5280 4.1"))],
        linter="a sample",
        more=False,
        started_at=clock.now(),
        by=Actor.clock(),
    )
    assert run is not None
    return run.pk


def batch_uid() -> UUID:
    """A batch of Aldermoor that waits for the worker."""
    batch = hand_in_batch(
        party_id=aldermoor().pk,
        content=zip_of({"a.csr": b"one", "b.csr": b"two"}),
        file_name="requests.zip",
        submission_key=uuid4(),
        by=_acting(OFFICER),
    )
    return batch.uid

"""Run inside an installation (manage.py shell): an officer of the sample community hands in many requests."""

from uuid import uuid4

from certification.requests.services import submit_request
from certification.subscribers.rules import Policy
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Party, Person
from smki_pma.parties.roles import Role
from tests.samples.signing_requests import device


def hand_in(count: int) -> None:
    """Requests for Device Certificates of as many different devices."""
    party = Party.objects.get(organisation__name__startswith="Aldermoor")
    person = Person.objects.get(email="simon.hale@aldermoor.example")
    by = acting_as(person, Role.PARTY_OFFICER, clause="L3.4", party_id=party.pk)
    for number in range(count):
        csr = device(eui64=number.to_bytes(8, "big")).make()
        submit_request(party_id=party.pk, policy=Policy.DEVICE, csr=csr, submission_key=uuid4(), by=by)

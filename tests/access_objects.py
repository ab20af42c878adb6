"""Objects of the sample community that stand in the addresses of the access matrix, by name."""

from collections.abc import Callable
from typing import Any

from certification.authorities.models import Authority, Ceremony
from smki_pma.notices.models import Delivery
from smki_pma.parties.models import Holding, Organisation, Party, Person
from tests.samples import access_certification

ABSENT = "00000000-0000-4000-8000-000000000000"

# name in the matrix -> what finds the value (a primary key, a number, a text)
OBJECTS: dict[str, Callable[[], Any]] = {
    "absent": lambda: ABSENT,
    "person": lambda: Person.objects.get(email="simon.hale@aldermoor.example").pk,
    "party": lambda: Party.objects.get(organisation__name__startswith="Aldermoor").pk,
    "organisation": lambda: Organisation.objects.get(name__startswith="Aldermoor Energy").pk,
    "notice_to_chair": lambda: (
        Delivery.objects.filter(person__email="margaret.ashdown@chair.example").first().pk
    ),
    "officer_holding": lambda: Holding.objects.get(person__email="simon.hale@aldermoor.example").pk,
    "certificate_request": access_certification.request_uid,
    "certificate": access_certification.certificate_id,
    "subscriber_application": access_certification.application_id,
    "subscriber": access_certification.subscriber_id,
    "responsible_officer": access_certification.responsible_officer_id,
    "eui64_range": access_certification.range_id,
    "ceremony": lambda: Ceremony.objects.get().pk,
    "authority": lambda: Authority.objects.filter(state="active").first().pk,
}

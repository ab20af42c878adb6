"""Objects of the sample community that stand in the addresses of the access matrix, by name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.authorities.models import Authority, Ceremony
from smki_pma.calendar import clock
from smki_pma.notices.models import Delivery
from smki_pma.parties.models import Holding, Organisation, Party, Person
from smki_pma.rules_in_force.selectors import one_off_days
from smki_pma.rules_in_force.services import add_non_working_day
from tests import meeting_access
from tests.meeting_objects import secretariat
from tests.samples import access_certification, access_interface, access_repository, access_revocations

ABSENT = "00000000-0000-4000-8000-000000000000"


def _one_off_day() -> UUID:
    """A day that is not a Working Day and has not come yet."""
    found = one_off_days().first()
    day = clock.today() + timedelta(days=30)
    return (found or add_non_working_day(day=day, reason="Proclaimed", by=secretariat())).pk


# name in the matrix -> what finds the value (a primary key, a number, a text)
OBJECTS: dict[str, Callable[[], Any]] = {
    "absent": lambda: ABSENT,
    "cps_draft": access_repository.draft_id,
    "cps_review": access_repository.review_id,
    "lodged_version": access_repository.version_id,
    "person": lambda: Person.objects.get(email="simon.hale@aldermoor.example").pk,
    "party": lambda: Party.objects.get(organisation__name__startswith="Aldermoor").pk,
    "organisation": lambda: Organisation.objects.get(name__startswith="Aldermoor Energy").pk,
    "notice_to_chair": lambda: (
        Delivery.objects.filter(person__email="margaret.ashdown@chair.example").first().pk
    ),
    "officer_holding": lambda: Holding.objects.get(person__email="simon.hale@aldermoor.example").pk,
    "certificate_request": access_certification.request_uid,
    "batch": access_certification.batch_uid,
    "certificate": access_certification.certificate_id,
    "suspension": access_certification.suspension_id,
    "subscriber_application": access_certification.application_id,
    "subscriber": access_certification.subscriber_id,
    "responsible_officer": access_certification.responsible_officer_id,
    "eui64_range": access_certification.range_id,
    "lint_run": access_certification.lint_run_id,
    "credential": access_interface.credential_id,
    "entry_testing": access_interface.entry_testing_id,
    "maintenance_window": access_interface.window_id,
    "forecast": access_interface.forecast_id,
    "ceremony": lambda: Ceremony.objects.get(environment="live").pk,
    "authority": lambda: Authority.objects.filter(state="active", parent__isnull=False).first().pk,
    "root": lambda: Authority.objects.filter(state="active", parent__isnull=True).first().pk,
    "revocation_request": access_revocations.revocation_request_id,
    "rejection": access_revocations.rejection_id,
    "own_certificate": access_revocations.certificate_serial,
    "crl_authority": access_revocations.crl_authority_id,
    "meeting": lambda: meeting_access.convened().pk,
    "draft_meeting": lambda: meeting_access.in_draft().pk,
    "emergency_meeting": lambda: meeting_access.for_emergency().pk,
    "item": lambda: meeting_access.item().pk,
    "confidential_item": lambda: meeting_access.item(confidential=True).pk,
    "paper": lambda: meeting_access.paper().pk,
    "confidential_paper": lambda: meeting_access.paper(confidential=True).pk,
    "vote": lambda: meeting_access.vote().pk,
    "confidential_vote": lambda: meeting_access.vote(confidential=True).pk,
    "unconfirmed_seat": lambda: Holding.objects.get(is_seat=True, confirmed_at=None).pk,
    "one_off_day": _one_off_day,
    "member_seat": lambda: (
        Holding.objects.get(is_seat=True, person__email="owen.pritchard@dunlin.example").pk
    ),
    "alternate_holding": lambda: (
        Holding.objects.get(office__key="alternate", person__email="ruth.ellison@cairnside.example").pk
    ),
}

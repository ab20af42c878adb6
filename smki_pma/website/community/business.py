"""What is in hand in the sample community: subscribers, Authorities, a lodged policy, a convened meeting.

The main story (a Device CPS approved, a Certificate issued) has not happened: whoever tries the system does it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from certification.authorities.sample_authorities import create_sample_authorities
from certification.service_interface.entry_testing import grant_test_access
from certification.service_interface.maintenance import record_availability_fact
from certification.service_interface.models import AvailabilityFact, TestAccess
from certification.subscribers.models import Application, AuthorisedSubscriber, Eui64Range
from certification.subscribers.register import assign_range
from certification.subscribers.rules import Policy, steps_for
from certification.subscribers.services import apply_to_subscribe, authorise_subscriber, record_step
from repository.documents.kinds import OWED_BY_THE_PMA, DocumentKind, Purpose
from repository.documents.models import Version
from repository.documents.services import lodge_document, require_lodging
from smki_pma.calendar import clock
from smki_pma.files.receiving import receive
from smki_pma.governance.meetings.convening import add_item, call_meeting, convene
from smki_pma.governance.meetings.models import Meeting
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Holding, Party, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.services import TEST_PURPOSES, record_tests_confirmed
from smki_pma.website.community import people
from smki_pma.website.community.documents import pdf

# Which entry tests each Party has completed. Everley, Northmere and Hollin have completed none.
TESTS = {
    people.DCC: TEST_PURPOSES,
    people.ALDERMOOR: TEST_PURPOSES,
    people.BRIGHTWATER: TEST_PURPOSES,
    people.FENWICK_ELECTRICITY: ("organisation", "repository"),
    people.CAIRNSIDE: ("device", "repository"),
    people.DUNLIN: ("repository",),
    people.FENWICK_GAS: ("repository",),
    people.GLENHALL: ("repository",),
}
# The identifiers assigned to Parties, with the role codes that they may ask Certificates for.
RANGES = (
    (people.DCC, "90B3D51F30000000", "90B3D51F3000FFFF", (1, 4, 5, 6, 127)),
    (people.ALDERMOOR, "90B3D51F30010000", "90B3D51F3001FFFF", (2, 127, 135)),
    (people.BRIGHTWATER, "90B3D51F30020000", "90B3D51F3002FFFF", (2, 127)),
    (people.FENWICK_ELECTRICITY, "90B3D51F30030000", "90B3D51F3003FFFF", (3,)),
)
SUBSCRIBERS = (
    (people.DCC, Policy.ORGANISATION),
    (people.ALDERMOOR, Policy.DEVICE),
    (people.ALDERMOOR, Policy.ORGANISATION),
    (people.BRIGHTWATER, Policy.DEVICE),
    (people.FENWICK_ELECTRICITY, Policy.ORGANISATION),
)
APPLIED_ONLY = (people.CAIRNSIDE, Policy.DEVICE)
IN_ENTRY_TESTING = people.EVERLEY
# From when DCC must provide the SMKI Services, and the days of entry testing (L4.2).
SERVICES_FROM = date(2026, 2, 2)
TESTING_DAYS = (date(2026, 2, 2), date(2027, 1, 29))
CHECKS = "colin.baxter@dcc.example"
AUTHORISES = "mei.foster@dcc.example"
OPERATES = "ian.sutcliffe@dcc.example"


def enter_business() -> None:
    """Everything that is needed to begin, each once."""
    enter_tests()
    create_sample_authorities()
    enter_subscribers()
    enter_interface()
    lodge_policy()
    convene_meeting()


def enter_tests() -> None:
    """DCC's confirmations of completed entry tests (L7.7)."""
    by = _officer(CHECKS, Role.DCC_RA_OFFICER)
    for name, purposes in TESTS.items():
        for purpose in purposes:
            record_tests_confirmed(party_id=_party(name).pk, purpose=purpose, by=by)


def enter_subscribers() -> None:
    """Assigned identifiers, and Parties that applied, were verified, and were authorised by a second officer."""
    for name, first, last, codes in RANGES:
        if not Eui64Range.objects.filter(party=_party(name)).exists():
            by = _officer(CHECKS, Role.DCC_RA_OFFICER)
            assign_range(party_id=_party(name).pk, first=first, last=last, role_codes=codes, by=by)
    for name, policy in SUBSCRIBERS:
        if not AuthorisedSubscriber.objects.filter(party=_party(name), policy=policy).exists():
            _authorise(_apply(name, policy), policy)
    if not Application.objects.filter(party=_party(APPLIED_ONLY[0])).exists():
        _apply(*APPLIED_ONLY)


def _apply(name: str, policy: Policy) -> Application:
    party = _party(name)
    officers = Holding.objects.in_effect(clock.now()).filter(party=party, office__role=Role.PARTY_OFFICER)
    person = officers.select_related("person")[0].person
    by = acting_as(person, Role.PARTY_OFFICER, clause="L3.2", party_id=party.pk)
    return apply_to_subscribe(party_id=party.pk, policy=policy, officer_ids=[person.pk], by=by)


def _authorise(application: Application, policy: Policy) -> None:
    checks = _officer(CHECKS, Role.DCC_RA_OFFICER)
    for step in steps_for(policy):
        record_step(
            application_id=application.pk,
            step=step.key,
            met=True,
            evidence="Sample evidence, kept nowhere",
            by=checks,
        )
    authorise_subscriber(application_id=application.pk, by=_officer(AUTHORISES, Role.DCC_RA_OFFICER))


def enter_interface() -> None:
    """The dates from which the SMKI Service Interface must be available, and one Party in entry testing. L4.1, L4.2"""
    kinds = AvailabilityFact.Kind
    common = {"source": "Sample community", "by": _officer(OPERATES, Role.DCC_CA_OPERATOR)}
    if not AvailabilityFact.objects.exists():
        record_availability_fact(kind=kinds.SERVICES, starts_on=SERVICES_FROM, **common)
        first, last = TESTING_DAYS
        record_availability_fact(
            kind=kinds.TESTING, starts_on=first, ends_on=last, extent="Both Certificate Policies", **common
        )
    party = _party(IN_ENTRY_TESTING)
    if not TestAccess.objects.filter(party=party).exists():
        by = _officer(CHECKS, Role.DCC_RA_OFFICER)
        grant_test_access(party_id=party.pk, purpose="SMKI Entry Process Testing", by=by)


def lodge_policy() -> None:
    """The Device Certificate Policy, lodged for the PMA by the Code Administrator; the other two owed (L5.7)."""
    if Version.objects.exists():
        return
    administrator = _officer("alice.thornbury@larkfield.example", Role.CODE_ADMINISTRATOR)
    text = pdf("Device Certificate Policy (sample)", SAMPLE_POLICY)
    lodge_document(
        kind=DocumentKind.DEVICE_CP,
        file=receive(text),
        dated_on=clock.today(),
        purpose=Purpose.PMA_FUNCTIONS,
        by=administrator,
    )
    for kind in OWED_BY_THE_PMA:
        if kind is not DocumentKind.DEVICE_CP:
            require_lodging(kind=kind, modified=False, happened_on=clock.today(), by=administrator)


SAMPLE_POLICY = (
    "This is an invented text that stands in for the Device Certificate Policy.",
    "It was lodged in the SMKI Repository for the SMKI PMA by the Code Administrator.",
    "Version 1.0",
)


def convene_meeting() -> None:
    """A meeting that can be opened at once, at shorter notice that every member agreed to, with two items."""
    if Meeting.objects.exists():
        return
    secretariat = _officer("joanna.birch@larkfield.example", Role.SECRETARIAT)
    now = clock.now().replace(second=0, microsecond=0)
    starts_at = now - timedelta(minutes=now.minute % 15)
    meeting = call_meeting(starts_at=starts_at, place="By video link", by=secretariat)
    for title, purpose in _agenda():
        add_item(meeting_id=meeting.pk, public_title=title, purpose=purpose, by=secretariat)
    convene(
        meeting_id=meeting.pk,
        dcc_representative_id=Person.objects.get(email="nadia.rahman@dcc.example").pk,
        short_notice_ground="So that the sample community has a meeting to try today",
        agreed=[seat.seat.key for seat in seats_at() if seat.holding is not None],
        by=secretariat,
    )


def _agenda() -> Iterable[tuple[str, str]]:
    return (("DCC's report on the SMKI Services", "information"), ("Work plan of the SMKI PMA", "decision"))


def _party(name: str) -> Party:
    return Party.objects.get(organisation__name=name)


def _officer(email: str, role: Role) -> Actor:
    return acting_as(Person.objects.get(email=email), role, clause="L3.3")

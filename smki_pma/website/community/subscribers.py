"""Who is an Authorised Subscriber in the sample community, verified by two officers as anybody else."""

from typing import NamedTuple

from certification.subscribers.models import Application, Eui64Range
from certification.subscribers.register import assign_range
from certification.subscribers.rules import Policy, steps_for
from certification.subscribers.services import apply_to_subscribe, authorise_subscriber, record_step
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Party, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.services import record_tests_confirmed
from smki_pma.website.community import people

OWNER = Actor.owner("load_community")
VERIFIER, AUTHORISER = "colin.baxter@dcc.example", "mei.foster@dcc.example"
BOTH = (Policy.DEVICE, Policy.ORGANISATION)


class SubscriberRow(NamedTuple):
    """policies: those it is authorised under. first, last: its EUI-64 identifiers, for these role codes."""

    organisation: str
    officer: str
    policies: tuple[Policy, ...] = ()
    first: str = ""
    last: str = ""
    role_codes: tuple[int, ...] = ()


# Everley has completed its tests and not applied; Hollin has completed none.
SUBSCRIBERS = (
    SubscriberRow(
        people.DCC,
        "martin.cole@dcc.example",
        BOTH,
        "90-B3-D5-1F-30-00-00-00",
        "90-B3-D5-1F-30-00-FF-FF",
        (1, 4, 5, 6, 135, 137),
    ),
    SubscriberRow(
        people.ALDERMOOR,
        "simon.hale@aldermoor.example",
        BOTH,
        "90-B3-D5-1F-30-01-00-00",
        "90-B3-D5-1F-30-01-FF-FF",
        (2, 135),
    ),
    SubscriberRow(
        people.BRIGHTWATER,
        "carla.mendes@brightwater.example",
        BOTH,
        "90-B3-D5-1F-30-02-00-00",
        "90-B3-D5-1F-30-02-FF-FF",
        (2, 135),
    ),
    SubscriberRow(
        people.NORTHMERE,
        "anil.kapoor@northmere.example",
        BOTH,
        "90-B3-D5-1F-30-03-00-00",
        "90-B3-D5-1F-30-03-FF-FF",
        (3,),
    ),
    SubscriberRow(people.DUNLIN, "zoe.finch@dunlin.example", (Policy.DEVICE,)),
    SubscriberRow(people.EVERLEY, "hamish.boyd@everley.example"),
)


def enter_subscribers() -> None:
    """Completed entry tests, identifiers and authorisations; a repeat adds what is missing."""
    for row in SUBSCRIBERS:
        party = Party.objects.get(organisation__name=row.organisation)
        for purpose in ("device", "organisation", "repository"):
            record_tests_confirmed(party_id=party.pk, purpose=purpose, by=OWNER)
        if row.first and not Eui64Range.objects.filter(party=party).exists():
            by = _acting(VERIFIER, Role.DCC_RA_OFFICER)
            assign_range(party_id=party.pk, first=row.first, last=row.last, role_codes=row.role_codes, by=by)
        for policy in row.policies:
            if not Application.objects.filter(party=party, policy=policy).exists():
                _authorise(party, row.officer, policy)


def _authorise(party: Party, officer: str, policy: Policy) -> None:
    application = apply_to_subscribe(
        party_id=party.pk,
        policy=policy,
        officer_ids=[Person.objects.get(email=officer).pk],
        by=_acting(officer, Role.PARTY_OFFICER),
    )
    for step in steps_for(policy):
        record_step(
            application_id=application.pk,
            step=step.key,
            met=True,
            evidence="Sample community: seen and kept in the verification file.",
            by=_acting(VERIFIER, Role.DCC_RA_OFFICER),
        )
    authorise_subscriber(application_id=application.pk, by=_acting(AUTHORISER, Role.DCC_RA_OFFICER))


def _acting(email: str, role: Role) -> Actor:
    return acting_as(Person.objects.get(email=email), role, clause="L3.3")

"""Walks a meeting of the sample community through the services, as its people would."""

from typing import Any
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.conflicts import DECLARERS
from smki_pma.governance.meetings.models import Ballot, Item, Meeting, Vote
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role

CHAIR = "margaret.ashdown@chair.example"
LARGE_1 = "tomasz.wren@aldermoor.example"
LARGE_2 = "priya.nair@brightwater.example"
SMALL = "owen.pritchard@dunlin.example"
NETWORK = "fiona.macrae@fenwick.example"
SECURITY = "daniel.osei@northmere.example"
UNCONFIRMED = "helen.castle@hollin.example"
ALTERNATE_OF_LARGE_1 = "ruth.ellison@cairnside.example"
ALTERNATE_OF_NETWORK = "graham.petty@glenhall.example"
SPECIALIST = "samir.haddad@pennant.example"
SECRETARIAT = "joanna.birch@larkfield.example"
DCC = "nadia.rahman@dcc.example"

SEAT_OF = {
    CHAIR: "chair",
    LARGE_1: "large-supplier-1",
    ALTERNATE_OF_LARGE_1: "large-supplier-1",
    LARGE_2: "large-supplier-2",
    SMALL: "small-supplier",
    NETWORK: "network",
    ALTERNATE_OF_NETWORK: "network",
    SECURITY: "security-representative",
    UNCONFIRMED: "technical-representative",
}
SEATS_HELD = ["chair", "large-supplier-1", "large-supplier-2", "small-supplier", "network"]
SEATS_HELD += ["security-representative"]


def person(email: str) -> Person:
    return Person.objects.get(email=email)


def secretariat() -> Actor:
    return acting_as(person(SECRETARIAT), Role.SECRETARIAT, clause="L1.15")


def member(email: str) -> Actor:
    """The Actor of a member, an Alternate or the Specialist."""
    return acting_as(person(email), *DECLARERS, clause="L1.15")


class Room:
    """One meeting and what happens in it."""

    def __init__(self) -> None:
        self.meeting: Meeting = services.call_meeting(
            starts_at=clock.now(), place="Larkfield House, London", by=secretariat()
        )

    def item(self, public_title: str = "Annual plan", **values: Any) -> Item:
        return services.add_item(
            meeting_id=self.meeting.pk,
            public_title=public_title,
            by=secretariat(),
            **{"purpose": "decision"} | values,
        )

    def question(self, item: Item, text: str = "note the annual plan", **values: Any) -> Vote:
        given = {"kind": "pma.resolve", "option": "resolve", "parameters": {"text": text}} | values
        return services.propose_vote(item_id=item.pk, by=secretariat(), **given)

    def convene(self) -> None:
        services.convene(
            meeting_id=self.meeting.pk,
            by=secretariat(),
            dcc_representative_id=person(DCC).pk,
            short_notice_ground="The plan is due.",
            agreed=SEATS_HELD,
        )

    def arrive(self, *emails: str) -> None:
        for email in emails:
            services.record_arrival(
                meeting_id=self.meeting.pk,
                person_id=person(email).pk,
                seat=SEAT_OF[email],
                by=secretariat(),
            )

    def invite_in(self, email: str) -> None:
        services.record_arrival(
            meeting_id=self.meeting.pk, person_id=person(email).pk, capacity="invitee", by=secretariat()
        )

    def leave(self, email: str, handed_to: UUID | None = None) -> None:
        services.record_departure(
            meeting_id=self.meeting.pk, person_id=person(email).pk, handed_to=handed_to, by=secretariat()
        )

    def open(self, item: Item | None = None) -> None:
        services.open_meeting(meeting_id=self.meeting.pk, by=secretariat())
        if item is not None:
            services.open_item(item_id=item.pk, by=secretariat())

    def cast(self, vote: Vote, email: str, position: str = "for", **values: Any) -> Ballot:
        given = {"no_conflict": True} | values
        return services.cast_ballot(vote_id=vote.pk, position=position, by=member(email), **given)

    def close(self, vote: Vote, by: str = CHAIR) -> Vote:
        return services.close_vote(vote_id=vote.pk, by=member(by))


def sitting_room(*emails: str) -> tuple[Room, Item, Vote]:
    """A meeting that sits with these people, its item open and a question put."""
    room = Room()
    item = room.item()
    vote = room.question(item)
    room.convene()
    room.arrive(*emails)
    room.open(item)
    return room, item, vote


def open_vote(*emails: str) -> tuple[Room, Vote]:
    """As `sitting_room`, with the vote open."""
    room, _, vote = sitting_room(*emails)
    return room, services.open_vote(vote_id=vote.pk, by=member(CHAIR))

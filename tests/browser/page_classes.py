"""Every kind of page that somebody may open, with somebody who may: from the access matrix, and some states more.

Runs in the system under test: `manage.py shell -c "from tests.browser.page_classes import show; show()"`.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.urls import reverse

from smki_pma.governance.meetings import services
from smki_pma.parties.models import Person
from tests.access_objects import OBJECTS
from tests.community import PERSONAS
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member
from tests.samples.cps import Story

MATRIX = Path(__file__).parents[1] / "access_matrix.yaml"
FIRST = (
    "secretariat",
    "pma_chair",
    "dcc_document_owner",
    "party_officer",
    "dcc_ra_officer",
    "dcc_ca_operator",
)
WHO = (*FIRST, *(who for who in PERSONAS if who not in FIRST), "anonymous")
# Answered with 302 until a reader has given a purpose.
ASKING_PURPOSE = ("documents:", "certificates:", "certificate_log:list_issued")


@dataclass(frozen=True, slots=True)
class PageClass:
    """An address and the name of who opens it; "" for somebody signed out. status: what it answers."""

    name: str
    address: str
    person: str
    status: int = 200


def page_classes() -> Iterator[PageClass]:
    """Each row of the matrix that somebody is shown, then votes at other stages, then pages that refuse."""
    for name, row in yaml.safe_load(MATRIX.read_text(encoding="utf-8")).items():
        who = next((each for each in WHO if _is_shown(name, row, each)), None)
        if row.get("method", "get") == "get" and who:
            yield PageClass(name, _address(name.split(" ")[0], row.get("with", {})), _name(who))
    yield from _votes()
    yield from _amended_draft()
    yield PageClass("refused: 404", "/nowhere/", _name("secretariat"), 404)
    yield PageClass("refused: 403", reverse("parties:list_people"), _name("party_officer"), 403)
    vote = {"vote_id": "vote"}
    yield PageClass("refused: 409", _address("meetings:cast_ballot", vote), _name("pma_chair"), 409)


def _is_shown(name: str, row: dict[str, Any], who: str) -> bool:
    status = row.get(who, row["default"])
    return status == 200 or (status == 302 and name.startswith(ASKING_PURPOSE))


def _address(name: str, arguments: dict[str, str]) -> str:
    values = {key: text[1:] if text.startswith("=") else _value(text) for key, text in arguments.items()}
    return reverse(name, kwargs=values)


@cache
def _value(name: str) -> Any:
    return OBJECTS[name]()


@cache
def _name(who: str) -> str:
    return "" if who == "anonymous" else Person.objects.get(email=PERSONAS.get(who, who)).name


def _votes() -> Iterator[PageClass]:
    """A meeting that sits, with a vote that is closed and one that is open."""
    room = Room()
    first, second = room.item("Closed"), room.item("Open")
    closed, opened = room.question(first), room.question(second)
    room.convene()
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open(first)
    services.open_vote(vote_id=closed.pk, by=member(CHAIR))
    for voter in (CHAIR, LARGE_1, LARGE_2, SMALL):
        room.cast(closed, voter)
    room.close(closed)
    services.close_item(item_id=first.pk, by=member(CHAIR))
    services.open_item(item_id=second.pk, by=member(CHAIR))
    services.open_vote(vote_id=opened.pk, by=member(CHAIR))
    room.cast(opened, CHAIR)
    for title, name, who, arguments in (
        ("sits", "meetings:show_meeting", "secretariat", {"meeting_id": room.meeting.pk}),
        ("sits", "meetings:show_meeting", "pma_member", {"meeting_id": room.meeting.pk}),
        ("sits", "meetings:record_arrivals", "secretariat", {"meeting_id": room.meeting.pk}),
        ("sits", "meetings:record_departure", "secretariat", _there(room.meeting.pk, SMALL)),
        ("open", "meetings:show_item", "pma_chair", {"item_id": second.pk}),
        ("open", "meetings:show_vote", "pma_chair", {"vote_id": opened.pk}),
        ("open", "meetings:show_vote", "pma_member", {"vote_id": opened.pk}),
        ("open", "meetings:close_vote", "pma_chair", {"vote_id": opened.pk}),
        ("open", "meetings:answer_conflict", "pma_member", {"vote_id": opened.pk}),
        ("cast", "meetings:show_receipt", "pma_chair", {"vote_id": opened.pk}),
        ("closed", "meetings:show_item", "secretariat", {"item_id": first.pk}),
        ("closed", "meetings:show_vote", "pma_chair", {"vote_id": closed.pk}),
    ):
        yield PageClass(f"{name} ({title}, {who})", reverse(name, kwargs=arguments), _name(who))


def _amended_draft() -> Iterator[PageClass]:
    """A draft that DCC has amended as directed and the Secretariat checks."""
    roles = ("dcc_document_owner", "pma_member", "secretariat")
    story = Story({who: Person.objects.get(email=PERSONAS[who]) for who in roles}, cps="organisation")
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment)
    for name, who in (
        ("drafts:check_amendments", "secretariat"),
        ("drafts:compare_files", "secretariat"),
        ("drafts:list_amendments", "dcc_document_owner"),
    ):
        yield PageClass(f"{name} (amended)", reverse(name, kwargs={"pk": draft.pk}), _name(who))


def _there(meeting_id: UUID, email: str) -> dict[str, UUID]:
    return {"meeting_id": meeting_id, "person_id": Person.objects.get(email=email).pk}


def show() -> None:
    """Print them as one line of JSON."""
    print(json.dumps([asdict(each) for each in page_classes()]))

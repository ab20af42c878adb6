"""L9.12 and L9.18: a word in a draft reaches nobody but DCC and the PMA, through any page, file or feed.

The word stands in the draft and its amendments, and in all that a meeting makes of them: the item, its paper, the
question, the note, the minutes, the decision. Every address of the access matrix that is read is walked as
everybody for whom the draft does not exist.
"""

import gzip
import io
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from repository.documents.access import accesses_of
from repository.drafts.models import Amendment, Draft, Review
from repository.drafts.services import require_review
from smki_pma.duties import feeds
from smki_pma.files import store
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Item, Minutes, Paper, Vote
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Delivery
from smki_pma.parties.models import Person
from smki_pma.records.models import Record
from tests.community import PERSONAS, Community
from tests.integration.website.test_access_matrix import arguments, matrix
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, NETWORK, SMALL, Room, member, secretariat
from tests.samples import office_files
from tests.samples.cps import Story, pma

pytestmark = pytest.mark.once

CANARY = "xylocanary"
SEES = ("pma_chair", "pma_member", "secretariat", "dcc_document_owner", "dcc_ra_officer", "dcc_ca_operator")
IN_CONFLICT = NETWORK
# Everybody else, an officer of one Party for those of all, and the member with a conflict of interest.
BLIND = (*(who for who in PERSONAS if who not in (*SEES, "other_party_officer")), IN_CONFLICT)
# Refusals come in one line for those who do not ask for HTML, which halves the time; pages are pages all the same.
IN_SHORT = {"headers": {"accept": "application/json"}}
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


@dataclass(frozen=True)
class Told:
    """What the story left: the meeting, its confidential item, and the first ledger entry of it all."""

    draft: Draft
    item: Item
    paper: Paper
    vote: Vote
    review: Review
    first_entry: int


@pytest.fixture
def told(community: Community, run_jobs: Any) -> Told:
    """A draft approved subject to an amendment at a meeting that was held, minuted and documented; then amended."""
    first_entry = EntryText.objects.latest("number").number + 1
    people = {who: community.person(who) for who in ("dcc_document_owner", "pma_member", "secretariat")}
    story = Story(people)
    draft = story.submit(f"The {CANARY} is kept.")
    amendment = story.propose(draft, place=f"At the {CANARY}", text=f"Move the {CANARY}.")
    item, paper, vote = _meeting(draft, amendment)
    run_jobs()
    amendment.refresh_from_db()
    assert amendment.state == "directed", "the PMA's decision has its effect"
    story.answer(draft, amendment, text=(f"The {CANARY} is moved.",))
    review = require_review(subject_id=None, parameters={"cps": "device", "scope": f"The {CANARY}"}, by=pma())
    run_jobs()
    return Told(draft, item, paper, vote, review, first_entry)


def _meeting(draft: Draft, amendment: Amendment) -> tuple[Item, Paper, Vote]:
    room = Room()
    item = room.item(
        "Draft of the Device CPS", title=f"The {CANARY}", confidential=True,
        subject_model="drafts.Draft", subject_id=draft.pk,
    )  # fmt: skip
    stored = store.put(office_files.pdf(f"On the {CANARY}", title=CANARY))
    paper = services.add_paper(
        item_id=item.pk, title=f"On the {CANARY}", sha256=stored.sha256, size=stored.size,
        media_type="application/pdf", by=secretariat(),
    )  # fmt: skip
    vote = services.propose_vote(
        item_id=item.pk, kind="cps.approve_draft", option="approve_subject_to_amendments", subject_id=draft.pk,
        parameters={"amendments": [_exactly(amendment)]}, question=f"Shall the {CANARY} be moved?",
        by=secretariat(),
    )  # fmt: skip
    room.convene()
    services.declare_conflict(item_id=item.pk, ground=f"I keep a {CANARY}.", by=member(IN_CONFLICT))
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    for email in FOUR:
        room.cast(vote, email)
    room.close(vote)
    services.write_note(
        item_id=item.pk,
        public_text="It was discussed.",
        confidential_text=f"Of the {CANARY}.",
        by=secretariat(),
    )
    services.close_item(item_id=item.pk, by=secretariat())
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())
    services.issue_minutes(meeting_id=room.meeting.pk, by=secretariat())
    return item, paper, vote


def _exactly(amendment: Amendment) -> dict[str, Any]:
    return {"id": str(amendment.pk), "number": amendment.number, "sha256": amendment.text_sha256}


def addresses(told: Told) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address of the matrix that is read, with the story's own objects in it where it takes them."""
    of_the_story: dict[str, list[object]] = {
        "meeting_id": [told.item.meeting_id],
        "item_id": [told.item.pk],
        "paper_id": [told.paper.pk],
        "vote_id": [told.vote.pk],
        "record_id": list(Record.objects.values_list("pk", flat=True)),
    }
    for key, row in matrix().items():
        if row.get("method", "get") != "get":
            continue
        name, given = key.split(" ")[0], row.get("with", {})
        filled = arguments({each: value for each, value in given.items() if each not in of_the_story})
        own = next((each for each in given if each in of_the_story), "")
        for value in of_the_story.get(own, [None]):
            yield reverse(name, kwargs=filled | ({own: value} if own else {})), row.get("data", {})
    for number in (1, 2):
        yield reverse("drafts:download_file", args=[told.draft.pk, number]), {}
    for number in _entries(told):
        yield reverse("ledger:show_entry", args=[number]), {}


def _entries(told: Told) -> Iterator[int]:
    """The last ledger entry of each event of the story."""
    entries = EntryText.objects.filter(number__gte=told.first_entry).order_by("number")
    yield from dict(entries.values_list("event", "number")).values()


def own_addresses(person: Person) -> Iterator[str]:
    """What is a person's alone: the notices, and the calendar behind its secret address."""
    for delivery in Delivery.objects.filter(person=person):
        yield reverse("notices:show_notice", args=[delivery.pk])
    yield reverse("duties:calendar_feed", args=[feeds.make_address(person)])


def words_of(response: Any) -> str:
    """Everything that an answer says, headers too; archives are opened and PDFs are read."""
    content = b"".join(response) if response.streaming else response.content
    return f"{_text_of(content)} {dict(response.headers)}".lower()


def _text_of(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        command = ["pdftotext", "-", "-"]
        return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(name + _text_of(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"\x1f\x8b"):
        return _text_of(gzip.decompress(content))
    return content.decode("utf-8", "replace")


def client_of(community: Community, who: str) -> Client:
    """Somebody signed in who has said what the Repository is read for, where it may be read."""
    client = community.client(who)
    accesses = accesses_of(community.person(who))
    if accesses:
        sent = {"key": accesses[0].key, "purpose": "Looking for a bird"}
        assert client.post(reverse("documents:give_purpose"), sent).status_code == 302
    return client


def places_without_it(chair: Client, told: Told) -> list[str]:
    """Where the story put the word and the Chair does not find it: the walk would prove nothing there."""
    minutes = Minutes.objects.get(meeting=told.item.meeting)
    documents = Record.objects.filter(subject_id__in=[str(told.vote.pk), str(minutes.pk)], audience="pma")
    places = {
        "draft": reverse("drafts:show_text", args=[told.draft.pk]),
        "amendments": reverse("drafts:list_amendments", args=[told.draft.pk]),
        "item": reverse("meetings:show_item", args=[told.item.pk]),
        "paper": reverse("meetings:download_paper", args=[told.paper.pk]),
        "question": reverse("meetings:show_vote", args=[told.vote.pk]),
        "minutes": reverse("meetings:show_minutes", args=[told.item.meeting_id]),
        **{document.title: reverse("records:download_record", args=[document.pk]) for document in documents},
    }
    assert len(places) == 8
    return [place for place, address in places.items() if CANARY not in words_of(chair.get(address))]


@pytest.mark.clause("L9.12", "L9.18")
def test_the_canary_reaches_nobody_else(community: Community, told: Told) -> None:
    assert places_without_it(community.client("pma_chair"), told) == []
    walked = {(address, *data.items()): (address, data) for address, data in addresses(told)}.values()
    clients = {who: client_of(community, who) for who in BLIND}
    clients["signed out"] = Client(raise_request_exception=False)
    sightings = []
    for who, client in clients.items():
        own = own_addresses(community.person(who)) if who in BLIND else []
        for address, data in (*walked, *((each, {}) for each in own)):
            if CANARY in words_of(client.get(address, data, **IN_SHORT)):
                sightings.append((who, address))
    # The conflict is about the draft: a review of the CPS in force is another matter, and the member is of the PMA.
    assert sightings == [(IN_CONFLICT, reverse("drafts:show_review", args=[told.review.pk]))]

"""What must never be false of meetings and votes, held by the database."""

from smki_pma.governance.meetings.models import (
    Adjournment,
    Apology,
    Attendance,
    Ballot,
    Invitation,
    Item,
    Meeting,
    Minutes,
    Paper,
    QuorumChange,
    Recusal,
    Resolution,
    Vote,
)
from smki_pma.ledger.guards import append_only, frozen, no_overlap

# A ballot in a meeting is cast once and is final.
append_only(Ballot)
append_only(Recusal)
append_only(QuorumChange)
append_only(Invitation)

PROPOSITION = (
    "item",
    "reference",
    "kind",
    "option",
    "clause",
    "parameters",
    "subject_model",
    "subject_id",
    "question",
    "public_question",
    "effect",
    "document_label",
    "document_sha256",
    "document_url",
    "proposition",
    "proposed_at",
)
OPENING = ("opened_at", "opened_by", "opening_snapshot")
CLOSING = ("state", "closed_at", "closed_by", "closing_snapshot", "abandoned_reason")
frozen(Vote, columns=PROPOSITION, name="proposition")
frozen(Vote, columns=OPENING, when="OLD.state <> 'proposed'", name="opening")
frozen(Vote, columns=CLOSING, when="OLD.state IN ('carried', 'not_carried', 'abandoned')", name="closing")

frozen(Resolution, columns=("vote", "reference", "carried_at"), name="authority")
frozen(
    Resolution,
    columns=("effect_state", "effect_reason", "effect_clause", "effect_at"),
    when="OLD.effect_state IN ('done', 'none')",
    name="effect",
)

frozen(
    Attendance,
    columns=("meeting", "person", "name", "capacity", "seat", "holding", "arrived_at"),
    name="arrival",
)
frozen(Attendance, columns=("left_at",), when="OLD.left_at IS NOT NULL", name="departure")
no_overlap(
    Attendance, name="meetings_one_stay", same=["meeting_id", "person_id"], start="arrived_at", end="left_at"
)
# Nobody acts for a seat while another does (L1.12).
no_overlap(
    Attendance,
    name="meetings_one_acting_for_a_seat",
    same=["meeting_id", "seat"],
    start="arrived_at",
    end="left_at",
    where="seat <> ''",
)

frozen(Apology, columns=("meeting", "holding", "seat", "name", "sent_at", "sent_by"), name="sending")
frozen(
    Apology,
    columns=("taken_back_at", "taken_back_by"),
    when="OLD.taken_back_at IS NOT NULL",
    name="taking_back",
)
no_overlap(
    Apology,
    name="meetings_apologies_once",
    same=["meeting_id", "holding_id"],
    start="sent_at",
    end="taken_back_at",
)

frozen(Adjournment, columns=("meeting", "adjourned_at", "until"), name="adjourning")
frozen(Adjournment, columns=("resumed_at",), when="OLD.resumed_at IS NOT NULL", name="resuming")
no_overlap(
    Adjournment,
    name="meetings_adjourned_once",
    same=["meeting_id"],
    start="adjourned_at",
    end="resumed_at",
)

frozen(Meeting, columns=("year", "number"), name="reference")
frozen(
    Meeting,
    columns=("state", "closed_at", "opened_at"),
    when="OLD.state IN ('closed', 'cancelled')",
    name="over",
)
frozen(
    Item,
    columns=("meeting", "number", "confidential"),
    name="place",
    keep=False,
)
frozen(
    Item,
    columns=("subject_model", "subject_id"),
    when="OLD.subject_id IS NOT NULL",
    name="subject",
    keep=False,
)
frozen(
    Item, columns=("state", "public_title", "title"), when="OLD.state IN ('closed', 'withdrawn')", name="over"
)
frozen(
    Item,
    columns=("late", "leave_at", "leave_ground", "leave_by"),
    when="OLD.leave_at IS NOT NULL",
    name="leave",
    keep=False,
)
frozen(Paper, columns=("item", "number", "title", "sha256", "url", "brought_at", "late"), name="paper")
frozen(Minutes, columns=("public_text", "full_text"), when="OLD.state <> 'draft'", name="minutes")
frozen(
    Minutes,
    columns=("state", "confirmed_at", "confirmed_in", "confirmed_by", "dispute"),
    when="OLD.state = 'confirmed'",
    name="confirmation",
)

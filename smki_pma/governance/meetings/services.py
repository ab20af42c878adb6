"""Every act of meetings and votes, for callers outside this room."""

from smki_pma.governance.meetings.apologies import send_apologies, take_back_apologies
from smki_pma.governance.meetings.conflicts import declare_conflict, require_withdrawal
from smki_pma.governance.meetings.convening import (
    add_item,
    admit_item,
    call_meeting,
    cancel_meeting,
    convene,
    withdraw_item,
)
from smki_pma.governance.meetings.effects import carry_out_again
from smki_pma.governance.meetings.noting import confirm_minutes, issue_minutes, write_note
from smki_pma.governance.meetings.papers import add_paper, give_leave, read_confidential_paper
from smki_pma.governance.meetings.presence import record_arrival, record_departure
from smki_pma.governance.meetings.proposing import propose_vote
from smki_pma.governance.meetings.sitting import (
    adjourn_meeting,
    close_item,
    close_meeting,
    open_item,
    open_meeting,
    resume_meeting,
)
from smki_pma.governance.meetings.voting import (
    abandon_vote,
    cast_ballot,
    close_vote,
    open_vote,
)

__all__ = [
    "abandon_vote",
    "add_item",
    "add_paper",
    "adjourn_meeting",
    "admit_item",
    "call_meeting",
    "cancel_meeting",
    "carry_out_again",
    "cast_ballot",
    "close_item",
    "close_meeting",
    "close_vote",
    "confirm_minutes",
    "convene",
    "declare_conflict",
    "give_leave",
    "issue_minutes",
    "open_item",
    "open_meeting",
    "open_vote",
    "propose_vote",
    "read_confidential_paper",
    "record_arrival",
    "record_departure",
    "require_withdrawal",
    "resume_meeting",
    "send_apologies",
    "take_back_apologies",
    "withdraw_item",
    "write_note",
]

"""Meetings, attendance and votes."""

from smki_pma.governance.meetings.agenda import (
    Invitation,
    InvitationKind,
    Item,
    Meeting,
    MeetingKind,
    Minutes,
    Note,
    Paper,
    Purpose,
)
from smki_pma.governance.meetings.attendance import (
    Adjournment,
    Apology,
    Attendance,
    QuorumChange,
    Recusal,
)
from smki_pma.governance.meetings.ballots import Ballot, EffectState, Resolution, Vote

__all__ = [
    "Adjournment",
    "Apology",
    "Attendance",
    "Ballot",
    "EffectState",
    "Invitation",
    "InvitationKind",
    "Item",
    "Meeting",
    "MeetingKind",
    "Minutes",
    "Note",
    "Paper",
    "Purpose",
    "QuorumChange",
    "Recusal",
    "Resolution",
    "Vote",
]

"""The words in which states are shown: few, fixed, each with one colour that never stands alone."""

COLOURS = {
    "draft": "grey",
    "open": "blue",
    "waiting": "yellow",
    "published": "teal",
    "approved": "green",
    "in force": "green",
    "refused": "red",
    "overdue": "red",
    "void": "red",
    "suspended": "orange",
    "closed": "grey",
    "confidential": "purple",
}

# What the rooms call their states, in the words above.
SAME_AS = {
    "abandoned": "void",
    "active": "in force",
    "adjourned": "suspended",
    "appointed": "in force",
    "authorised": "in force",
    "awaiting_check": "waiting",
    "became_cps": "approved",
    "being issued": "waiting",
    "being_issued": "waiting",
    "cancelled": "void",
    "carried": "approved",
    "complete": "closed",
    "completed": "closed",
    "confirmed": "approved",
    "convened": "waiting",
    "current": "in force",
    "directed": "open",
    "discarded": "void",
    "discharged": "closed",
    "done": "closed",
    "due": "open",
    "ended": "closed",
    "expired": "void",
    "failed": "refused",
    "half_approved": "waiting",
    "held": "closed",
    "in progress": "open",
    "in use": "in force",
    "in_force": "in force",
    "in_progress": "open",
    "in_verification": "open",
    "issued": "in force",
    "listed": "waiting",
    "lodged": "published",
    "made": "closed",
    "not in use": "closed",
    "not_carried": "closed",
    "not_directed": "closed",
    "nothing_approved": "refused",
    "paused": "suspended",
    "pending": "waiting",
    "planned": "draft",
    "prepared": "waiting",
    "proposed": "waiting",
    "queued": "waiting",
    "received": "waiting",
    "rejected": "refused",
    "replaced": "closed",
    "retired": "closed",
    "revoked": "void",
    "running": "open",
    "sitting": "open",
    "stated_made": "waiting",
    "stopped": "suspended",
    "submitted": "waiting",
    "superseded": "closed",
    "to_be_made": "waiting",
    "vacant": "waiting",
    "withdrawn": "void",
}


def look_of(state: str) -> tuple[str, str]:
    """The word shown for a state, with its colour. Raises ValueError for a state that has no word yet."""
    plain = state.strip().lower()
    word = SAME_AS.get(plain, plain)
    if word not in COLOURS:
        raise ValueError(f"The state {state!r} has no word: add it to smki_pma/ui/state_words.py.")
    return word[:1].upper() + word[1:], COLOURS[word]

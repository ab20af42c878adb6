"""The life cycles of a meeting, an agenda item, a vote and the minutes."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

SECRETARIAT = "the Secretariat"
PRESIDING = "the Chair or the Chair's Alternate"
EITHER = "the Secretariat or who presides"

MEETING = LifeCycle(
    key="meetings.meeting",
    title="The meeting",
    states={
        "draft": "Draft",
        "convened": "Convened",
        "sitting": "Sitting",
        "adjourned": "Adjourned",
        "closed": "Closed",
        "cancelled": "Cancelled",
    },
    transitions=(
        Transition(
            action="convene",
            sources=("draft",),
            target="convened",
            who=SECRETARIAT,
            clause="L1.15",
            event="meeting.convened",
        ),
        Transition(
            action="open",
            sources=("convened",),
            target="sitting",
            who=EITHER,
            clause="L1.13",
            event="meeting.opened",
        ),
        Transition(
            action="adjourn",
            sources=("sitting",),
            target="adjourned",
            who=EITHER,
            clause="L1.15",
            event="meeting.adjourned",
        ),
        Transition(
            action="resume",
            sources=("adjourned",),
            target="sitting",
            who=EITHER,
            clause="L1.13",
            event="meeting.resumed",
        ),
        Transition(
            action="close",
            sources=("sitting", "adjourned"),
            target="closed",
            who=EITHER,
            clause="L1.15",
            event="meeting.closed",
        ),
        Transition(
            action="cancel",
            sources=("draft", "convened"),
            target="cancelled",
            who=SECRETARIAT,
            clause="L1.15",
            event="meeting.cancelled",
        ),
    ),
)

ITEM = LifeCycle(
    key="meetings.item",
    title="The item",
    states={"listed": "Listed", "open": "Open", "closed": "Closed", "withdrawn": "Withdrawn"},
    transitions=(
        Transition(
            action="open", sources=("listed",), target="open", who=EITHER, clause="L1.13", event="item.opened"
        ),
        Transition(
            action="close",
            sources=("open",),
            target="closed",
            who=EITHER,
            clause="L1.13",
            event="item.closed",
        ),
        Transition(
            action="carry_over",
            sources=("open",),
            target="listed",
            who=EITHER,
            clause="L1.15",
            event="meeting.adjourned",
        ),
        Transition(
            action="withdraw",
            sources=("listed",),
            target="withdrawn",
            who=SECRETARIAT,
            clause="L1.15",
            event="item.withdrawn",
        ),
    ),
)

VOTE = LifeCycle(
    key="meetings.vote",
    title="The vote",
    states={
        "proposed": "Proposed",
        "open": "Open",
        "carried": "Carried",
        "not_carried": "Not carried",
        "abandoned": "Abandoned",
    },
    transitions=(
        Transition(
            action="open",
            sources=("proposed",),
            target="open",
            who=PRESIDING,
            clause="L1.13",
            event="vote.opened",
        ),
        Transition(
            action="carry",
            sources=("open",),
            target="carried",
            who=PRESIDING,
            clause="L1.13",
            event="vote.closed",
        ),
        Transition(
            action="fail",
            sources=("open",),
            target="not_carried",
            who=PRESIDING,
            clause="L1.13",
            event="vote.closed",
        ),
        Transition(
            action="abandon",
            sources=("proposed", "open"),
            target="abandoned",
            who=PRESIDING,
            clause="L1.13",
            event="vote.abandoned",
        ),
    ),
)

MINUTES = LifeCycle(
    key="meetings.minutes",
    title="The minutes",
    states={"draft": "Draft", "issued": "Issued", "confirmed": "Confirmed"},
    transitions=(
        Transition(
            action="issue",
            sources=("draft",),
            target="issued",
            who=SECRETARIAT,
            clause="L1.15",
            event="minutes.issued",
        ),
        Transition(
            action="confirm",
            sources=("issued",),
            target="confirmed",
            who=PRESIDING,
            clause="L1.15",
            event="minutes.confirmed",
        ),
    ),
)

LIFE_CYCLES = (MEETING, ITEM, VOTE, MINUTES)

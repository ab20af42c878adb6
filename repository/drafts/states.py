"""The lives of a draft, of an amendment and of a version. L9.9, L9.11

There is no rejection of an initial draft, and DCC refuses nothing. DCC can take back what the PMA has not
decided on: Section L neither gives nor forbids that (house rule).
The clauses are those of the Device CPS; the Organisation CPS has the same six numbers higher.
"""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

SUBMITTED = "submitted"
TO_BE_MADE = "to_be_made"
AWAITING_CHECK = "awaiting_check"
BECAME_CPS = "became_cps"
NOTHING_APPROVED = "nothing_approved"
WITHDRAWN = "withdrawn"

PMA = "the SMKI PMA, by a carried resolution"
DCC = "DCC's document owner"
SECRETARIAT = "the Secretariat, as a check of fact"


def _move(action: str, source: str, target: str, who: str, clause: str, event: str) -> Transition:
    return Transition(action=action, sources=(source,), target=target, who=who, clause=clause, event=event)


def _making(clause: str) -> tuple[Transition, ...]:
    """From decided to made: the same for directed and for approved amendments."""
    return (
        _move("answer", TO_BE_MADE, AWAITING_CHECK, DCC, clause, "draft.amended"),
        _move("return", AWAITING_CHECK, TO_BE_MADE, SECRETARIAT, clause, "draft.returned"),
        _move("confirm", AWAITING_CHECK, BECAME_CPS, SECRETARIAT, clause, "draft.became_cps"),
    )


INITIAL = LifeCycle(
    key="initial_draft",
    title="The initial draft",
    states={
        SUBMITTED: "Submitted",
        TO_BE_MADE: "Amendments to be made",
        AWAITING_CHECK: "Amendments to be checked",
        BECAME_CPS: "Became the CPS",
        WITHDRAWN: "Withdrawn",
    },
    transitions=(
        _move("withdraw", SUBMITTED, WITHDRAWN, DCC, "L9.9(a)", "draft.withdrawn"),
        _move("approve", SUBMITTED, BECAME_CPS, PMA, "L9.9(b)(i)", "draft.became_cps"),
        _move("direct", SUBMITTED, TO_BE_MADE, PMA, "L9.9(b)(ii)", "draft.amendments_directed"),
        *_making("L9.9(c)"),
    ),
)

LATER = LifeCycle(
    key="later_amendments",
    title="The proposal of amendments",
    states={
        SUBMITTED: "Submitted",
        TO_BE_MADE: "Amendments to be made",
        AWAITING_CHECK: "Amendments to be checked",
        BECAME_CPS: "Became the CPS",
        NOTHING_APPROVED: "No amendment approved",
        WITHDRAWN: "Withdrawn",
    },
    transitions=(
        _move("withdraw", SUBMITTED, WITHDRAWN, DCC, "L9.11(a)", "draft.withdrawn"),
        _move("withdraw_the_rest", SUBMITTED, TO_BE_MADE, DCC, "L9.11(a)", "draft.withdrawn"),
        _move("all_decided", SUBMITTED, TO_BE_MADE, PMA, "L9.11(b)", "draft.amendment_decided"),
        _move("none_approved", SUBMITTED, NOTHING_APPROVED, PMA, "L9.11(b)", "draft.amendment_decided"),
        *_making("L9.11(b)"),
    ),
)

PROPOSED = "proposed"
DIRECTED = "directed"
NOT_DIRECTED = "not_directed"
APPROVED = "approved"
REFUSED = "refused"
STATED_MADE = "stated_made"
MADE = "made"

AMENDMENT = LifeCycle(
    key="amendment",
    title="The amendment",
    states={
        PROPOSED: "Proposed",
        DIRECTED: "Directed",
        NOT_DIRECTED: "Not directed",
        APPROVED: "Approved",
        REFUSED: "Refused",
        STATED_MADE: "Stated as made",
        MADE: "Made",
        WITHDRAWN: "Withdrawn",
    },
    transitions=(
        _move("withdraw", PROPOSED, WITHDRAWN, DCC, "L9.11(a)", "draft.withdrawn"),
        _move("direct", PROPOSED, DIRECTED, PMA, "L9.9(b)(ii)", "draft.amendments_directed"),
        _move("leave_out", PROPOSED, NOT_DIRECTED, PMA, "L9.9(b)", "draft.amendments_directed"),
        _move("approve", PROPOSED, APPROVED, PMA, "L9.11(b)", "draft.amendment_decided"),
        _move("refuse", PROPOSED, REFUSED, PMA, "L9.11(b)", "draft.amendment_decided"),
        Transition(
            action="state_made",
            sources=(DIRECTED, APPROVED),
            target=STATED_MADE,
            who=DCC,
            clause="L9.9(c)",
            event="draft.amended",
        ),
        _move("reopen_directed", STATED_MADE, DIRECTED, SECRETARIAT, "L9.9(c)", "draft.returned"),
        _move("reopen_approved", STATED_MADE, APPROVED, SECRETARIAT, "L9.11(b)", "draft.returned"),
        _move("confirm", STATED_MADE, MADE, SECRETARIAT, "L9.9(c)", "draft.became_cps"),
    ),
)

IN_FORCE = "in_force"
SUPERSEDED = "superseded"

VERSION = LifeCycle(
    key="cps_version",
    title="The version",
    states={IN_FORCE: "In force", SUPERSEDED: "Superseded"},
    transitions=(
        _move(
            "supersede",
            IN_FORCE,
            SUPERSEDED,
            "the next version, by becoming the CPS",
            "L9.11(b)",
            "draft.became_cps",
        ),
    ),
)

LIFE_CYCLES = (INITIAL, LATER, AMENDMENT, VERSION)

"""The life of a credential for the SMKI Service Interface."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

NEW = "new"
BEING_ISSUED = "being_issued"
ACTIVE = "active"
REVOKED = "revoked"
ENDED = "ended"
FAILED = "failed"

LIFE_CYCLE = LifeCycle(
    key="credential",
    title="This credential",
    states={
        NEW: "New",
        BEING_ISSUED: "Being issued",
        ACTIVE: "Active",
        REVOKED: "Revoked",
        ENDED: "Ended",
        FAILED: "Not issued",
    },
    transitions=(
        Transition(
            action="ask",
            sources=(NEW,),
            target=BEING_ISSUED,
            who="A responsible officer of an Authorised Subscriber, or an officer of a Party with test access",
            clause="L4.5",
            event="credential.asked",
        ),
        Transition(
            action="issue",
            sources=(BEING_ISSUED,),
            target=ACTIVE,
            who="The worker",
            clause="L4.5",
            event="credential.issued",
        ),
        Transition(
            action="fail",
            sources=(BEING_ISSUED,),
            target=FAILED,
            who="The worker, when it cannot sign",
            clause="L4.5",
            event="credential.failed",
        ),
        Transition(
            action="revoke",
            sources=(BEING_ISSUED, ACTIVE),
            target=REVOKED,
            who="An officer of the Party, or a Registration Authority officer",
            clause="L4.5",
            event="credential.revoked",
        ),
        Transition(
            action="lapse",
            sources=(BEING_ISSUED, ACTIVE),
            target=ENDED,
            who="The schedule, when the right behind the credential has ended or its time is over",
            clause="L4.1",
            event="credential.ended",
        ),
    ),
)

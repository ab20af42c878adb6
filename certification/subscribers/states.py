"""The life of an application to become an Authorised Subscriber."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

NEW = "new"
IN_VERIFICATION = "in_verification"
AUTHORISED = "authorised"
REFUSED = "refused"
WITHDRAWN = "withdrawn"

LIFE_CYCLE = LifeCycle(
    key="subscriber_application",
    title="This application",
    states={
        NEW: "New",
        IN_VERIFICATION: "In verification",
        AUTHORISED: "Authorised",
        REFUSED: "Refused",
        WITHDRAWN: "Withdrawn",
    },
    transitions=(
        Transition(
            action="apply",
            sources=(NEW,),
            target=IN_VERIFICATION,
            who="An officer of a Party that completed the entry process tests for the policy",
            clause="L3.2",
            event="subscriber.applied",
        ),
        Transition(
            action="verify",
            sources=(IN_VERIFICATION,),
            target=IN_VERIFICATION,
            who="A Registration Authority officer, for one step",
            clause="L3.3",
            event="subscriber.step_recorded",
        ),
        Transition(
            action="authorise",
            sources=(IN_VERIFICATION,),
            target=AUTHORISED,
            who="A Registration Authority officer who recorded none of the steps, when every step is met",
            clause="L3.3",
            event="subscriber.authorised",
        ),
        Transition(
            action="refuse",
            sources=(IN_VERIFICATION,),
            target=REFUSED,
            who="A Registration Authority officer who did not record the step that is not met",
            clause="L3.3",
            event="subscriber.refused",
        ),
        Transition(
            action="withdraw",
            sources=(AUTHORISED,),
            target=WITHDRAWN,
            who="An officer of the Party, or DCC on a ground of the Certificate Policy or the RAPP",
            clause="L3.2",
            event="subscriber.withdrawn",
        ),
    ),
)

"""The life of a request for a Certificate."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

AWAITING_CHECK = "awaiting_check"
BEING_ISSUED = "being_issued"
ISSUED = "issued"
REFUSED = "refused"
STOPPED = "stopped"
NEW = "new"

LIFE_CYCLE = LifeCycle(
    key="certificate_request",
    title="This request",
    states={
        NEW: "New",
        AWAITING_CHECK: "Awaiting check",
        BEING_ISSUED: "Being issued",
        ISSUED: "Issued",
        REFUSED: "Refused",
        STOPPED: "Stopped",
    },
    transitions=(
        Transition(
            action="turn_away",
            sources=(NEW,),
            target=REFUSED,
            who="The system, when validation finds a fault",
            clause="L3.4",
            event="request.refused",
        ),
        Transition(
            action="submit_device",
            sources=(NEW,),
            target=BEING_ISSUED,
            who="A responsible officer of an Authorised Subscriber (Device Certificate Policy)",
            clause="L3.4",
            event="request.received",
        ),
        Transition(
            action="submit_organisation",
            sources=(NEW,),
            target=AWAITING_CHECK,
            who="A responsible officer of an Authorised Subscriber (Organisation Certificate Policy)",
            clause="L3.4",
            event="request.submitted",
        ),
        Transition(
            action="accept",
            sources=(AWAITING_CHECK,),
            target=BEING_ISSUED,
            who="A Registration Authority officer, when every check passes",
            clause="L3.4",
            event="request.received",
        ),
        Transition(
            action="refuse",
            sources=(AWAITING_CHECK,),
            target=REFUSED,
            who="A Registration Authority officer, when a check fails",
            clause="L3.4",
            event="request.refused",
        ),
        Transition(
            action="issue",
            sources=(BEING_ISSUED,),
            target=ISSUED,
            who="DCC's worker, which alone holds the key",
            clause="L3.4",
            event="request.issued",
        ),
        Transition(
            action="stop",
            sources=(BEING_ISSUED,),
            target=STOPPED,
            who="The system, when every attempt to issue has failed",
            clause="L3.5",
            event="request.stopped",
        ),
        Transition(
            action="resume",
            sources=(STOPPED,),
            target=BEING_ISSUED,
            who="A Certification Authority operator, when the cause is mended",
            clause="L3.4",
            event="request.resumed",
        ),
        Transition(
            action="commit_anew",
            sources=(STOPPED,),
            target=BEING_ISSUED,
            who="A Certification Authority operator, where the bytes fail the lint or their Authority is revoked",
            clause="L3.5",
            event="request.new_bytes_asked",
        ),
        Transition(
            action="give_up",
            sources=(BEING_ISSUED,),
            target=REFUSED,
            who="The worker, when the bytes must not be signed and the request no longer passes its checks",
            clause="L3.4",
            event="request.refused",
        ),
    ),
)

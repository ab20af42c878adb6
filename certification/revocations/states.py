"""The lives of a request for revocation and of the rejection of a Certificate."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

NEW = "new"
AWAITING_CHECK = "awaiting_check"
REVOKED = "revoked"
REFUSED = "refused"
OVERTAKEN = "overtaken"

REVOCATION_REQUEST = LifeCycle(
    key="revocation_request",
    title="This request for revocation",
    states={
        NEW: "New",
        AWAITING_CHECK: "Awaiting check",
        REVOKED: "Revoked",
        REFUSED: "Refused",
        OVERTAKEN: "Overtaken: revoked on another ground",
    },
    transitions=(
        Transition(
            action="ask",
            sources=(NEW,),
            target=AWAITING_CHECK,
            who="A responsible officer of the subscriber, a DCC officer, or the SMKI PMA by resolution",
            clause="L3.4",
            event="revocation.requested",
        ),
        Transition(
            action="revoke",
            sources=(AWAITING_CHECK,),
            target=REVOKED,
            who="A Registration Authority officer other than the one who asked, when every check passes",
            clause="L3.4",
            event="revocation.granted",
        ),
        Transition(
            action="refuse",
            sources=(AWAITING_CHECK,),
            target=REFUSED,
            who="A Registration Authority officer other than the one who asked, with the reason",
            clause="L3.4",
            event="revocation.refused",
        ),
        Transition(
            action="overtake",
            sources=(AWAITING_CHECK,),
            target=OVERTAKEN,
            who="The system, when the subscriber rejects the Certificate or the SMKI PMA directs its revocation",
            clause="L3.4",
            event="certificate.rejected",
        ),
    ),
)

INVESTIGATED = "investigated"
BEING_INVESTIGATED = "being_investigated"

REJECTION = LifeCycle(
    key="rejection",
    title="This rejection",
    states={
        NEW: "New",
        REVOKED: "Certificate revoked",
        BEING_INVESTIGATED: "Being investigated",
        INVESTIGATED: "Investigated",
    },
    transitions=(
        Transition(
            action="reject_organisation",
            sources=(NEW,),
            target=REVOKED,
            who="A responsible officer of the subscriber of an Organisation Certificate",
            clause="L3.4",
            event="certificate.rejected",
        ),
        Transition(
            action="reject_device",
            sources=(NEW,),
            target=BEING_INVESTIGATED,
            who="A responsible officer of the subscriber of a Device Certificate, which is never revoked",
            clause="L3.4",
            event="certificate.rejected",
        ),
        Transition(
            action="conclude",
            sources=(BEING_INVESTIGATED,),
            target=INVESTIGATED,
            who="A Registration Authority officer, with what was found",
            clause="L3.5",
            event="rejection.investigated",
        ),
    ),
)

LIFE_CYCLES = (REVOCATION_REQUEST, REJECTION)

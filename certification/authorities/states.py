"""The lives of a key ceremony and of a Certification Authority."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

_OPERATOR = "A DCC Certification Authority operator"
_WORKER = "DCC's worker, which alone reaches the keys"

NEW = "new"
PLANNED = "planned"
HALF_APPROVED = "half_approved"
APPROVED = "approved"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
ABANDONED = "abandoned"

CEREMONY = LifeCycle(
    key="key_ceremony",
    title="This key ceremony",
    states={
        NEW: "New",
        PLANNED: "Planned",
        HALF_APPROVED: "Approved by one",
        APPROVED: "Approved by two",
        RUNNING: "Keys made",
        DONE: "Carried out",
        FAILED: "Failed",
        ABANDONED: "Abandoned",
    },
    transitions=(
        Transition(
            action="plan",
            sources=(NEW,),
            target=PLANNED,
            who=_OPERATOR,
            clause="L3.5",
            event="ceremony.planned",
        ),
        Transition(
            action="approve",
            sources=(PLANNED, HALF_APPROVED),
            target=HALF_APPROVED,
            who=_OPERATOR,
            clause="L3.5",
            event="ceremony.approved",
        ),
        Transition(
            action="confirm",
            sources=(HALF_APPROVED,),
            target=APPROVED,
            who="Another DCC Certification Authority operator, in time",
            clause="L3.5",
            event="ceremony.confirmed",
        ),
        Transition(
            action="prepare",
            sources=(APPROVED,),
            target=RUNNING,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.prepared",
        ),
        Transition(
            action="complete",
            sources=(RUNNING,),
            target=DONE,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.completed",
        ),
        Transition(
            action="fail",
            sources=(APPROVED, RUNNING),
            target=FAILED,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.failed",
        ),
        Transition(
            action="abandon",
            sources=(PLANNED, HALF_APPROVED),
            target=ABANDONED,
            who=_OPERATOR,
            clause="L3.5",
            event="ceremony.abandoned",
        ),
    ),
)

PREPARED = "prepared"
ACTIVE = "active"
SUPERSEDED = "superseded"
DISCARDED = "discarded"
REVOKED = "revoked"
UNFINISHED = (PLANNED, HALF_APPROVED, APPROVED, RUNNING)

AUTHORITY = LifeCycle(
    key="certification_authority",
    title="This Certification Authority",
    states={
        PREPARED: "Key made, not yet certified",
        ACTIVE: "Active",
        SUPERSEDED: "Superseded: signs revocation lists only",
        DISCARDED: "Discarded: its ceremony failed",
        REVOKED: "Revoked: issues nothing",
    },
    transitions=(
        Transition(
            action="activate",
            sources=(PREPARED,),
            target=ACTIVE,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.completed",
        ),
        Transition(
            action="supersede",
            sources=(ACTIVE,),
            target=SUPERSEDED,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.completed",
        ),
        Transition(
            action="discard",
            sources=(PREPARED,),
            target=DISCARDED,
            who=_WORKER,
            clause="L3.5",
            event="ceremony.failed",
        ),
        Transition(
            action="revoke",
            sources=(ACTIVE, SUPERSEDED),
            target=REVOKED,
            who="DCC, or the PMA by a resolution, with the revocation of its Certificate",
            clause="L3.5",
            event="authority.revoked",
        ),
    ),
)

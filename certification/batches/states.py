"""The life of a batch, in the states that the SMKI Interface Design Specification names."""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

NEW = "new"
PENDING = "pending"
REJECTED = "rejected"
PARSING = "parsing"
QUEUED = "queued"
PROCESSING = "processing"
PAUSED = "paused"
COMPLETED = "completed"
TAMPERED = "tampered"

OPEN = (PENDING, PARSING, QUEUED, PROCESSING, PAUSED)
ENDED = (REJECTED, COMPLETED, TAMPERED)
# Where the worker issues; in any other state a chunk's job returns without effect.
ISSUING = (PARSING, QUEUED, PROCESSING)

OPERATOR = "A Certification Authority operator of DCC"
WORKER = "DCC's worker"

LIFE_CYCLE = LifeCycle(
    key="batch",
    title="This batch",
    states={
        NEW: "New",
        PENDING: "Pending",
        REJECTED: "Rejected",
        PARSING: "Parsing",
        QUEUED: "Queued",
        PROCESSING: "Processing",
        PAUSED: "Paused",
        COMPLETED: "Completed",
        TAMPERED: "Tampered",
    },
    transitions=(
        Transition(
            action="submit",
            sources=(NEW,),
            target=PENDING,
            who="A responsible officer of an Authorised Subscriber (Device Certificate Policy)",
            clause="L3.4",
            event="batch.submitted",
        ),
        Transition(
            action="hand_over",
            sources=(NEW,),
            target=COMPLETED,
            who="The system, when the ZIP holds one request: it is served as a single request",
            clause="L8.1(a)",
            event="batch.handed_over",
        ),
        Transition(
            action="reject",
            sources=(PENDING,),
            target=REJECTED,
            who=f"{WORKER}, when the ZIP cannot be taken or holds too many requests",
            clause="L8.2",
            event="batch.rejected",
        ),
        Transition(
            action="receive",
            sources=(PENDING,),
            target=PARSING,
            who=f"{WORKER}, when the ZIP has passed every check",
            clause="L8.1(b)",
            event="batch.received",
        ),
        Transition(
            action="unpack",
            sources=(PARSING,),
            target=PARSING,
            who=f"{WORKER}, some thousand requests at a time",
            clause="L8.1(b)",
            event="batch.unpacked",
        ),
        Transition(
            action="queue",
            sources=(PARSING,),
            target=QUEUED,
            who=f"{WORKER}, when the last request is unpacked",
            clause="L8.1(b)",
            event="batch.unpacked",
        ),
        Transition(
            action="issue_chunk",
            sources=(QUEUED, PROCESSING),
            target=PROCESSING,
            who=f"{WORKER}, which alone holds the key",
            clause="L3.4",
            event="batch.chunk_issued",
        ),
        Transition(
            action="complete",
            sources=(PROCESSING,),
            target=COMPLETED,
            who=f"{WORKER}, when every request is answered and the results can be fetched",
            clause="L8.1(b)",
            event="batch.completed",
        ),
        Transition(
            action="tamper",
            sources=(PENDING, PARSING),
            target=TAMPERED,
            who=f"{WORKER}, when the stored ZIP is no longer the one that was handed in",
            clause="L3.5",
            event="batch.tampered",
        ),
        Transition(
            action="pause",
            sources=(PENDING, PARSING, QUEUED, PROCESSING),
            target=PAUSED,
            who=OPERATOR,
            clause="L3.5",
            event="batch.paused",
        ),
        Transition(
            action="stop",
            sources=(PENDING, PARSING, QUEUED, PROCESSING),
            target=PAUSED,
            who="The system, when every attempt of the worker has failed",
            clause="L3.5",
            event="batch.stopped",
        ),
        Transition(
            action="resume_checking",
            sources=(PAUSED,),
            target=PENDING,
            who=f"{OPERATOR}, where the ZIP was not yet checked",
            clause="L3.4",
            event="batch.resumed",
        ),
        Transition(
            action="resume_unpacking",
            sources=(PAUSED,),
            target=PARSING,
            who=f"{OPERATOR}, where requests are still to be unpacked",
            clause="L3.4",
            event="batch.resumed",
        ),
        Transition(
            action="resume_issuing",
            sources=(PAUSED,),
            target=PROCESSING,
            who=f"{OPERATOR}, where every request is unpacked",
            clause="L3.4",
            event="batch.resumed",
        ),
    ),
)

"""The life of a lodged version: it is the current one until a later version is lodged. All stay. L5.1"""

from smki_pma.clauses.life_cycles import LifeCycle, Transition

CURRENT = "current"
SUPERSEDED = "superseded"

LIFE_CYCLE = LifeCycle(
    key="document_version",
    title="The version",
    states={CURRENT: "Current", SUPERSEDED: "Superseded"},
    transitions=(
        Transition(
            action="supersede",
            sources=(CURRENT,),
            target=SUPERSEDED,
            who="whoever lodges a later version",
            clause="L5.1",
            event="document.lodged",
        ),
    ),
)

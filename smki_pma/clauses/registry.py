"""The registry of clauses, read once from this folder's YAML files."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from smki_pma.clauses.tables import read_table

FOLDER = Path(__file__).parent
Kind = Literal["rule", "right", "duty", "process", "definition", "other section"]


class UnknownClause(LookupError):
    """A citation names a clause or sub-paragraph that does not exist."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One provision that may be cited.

    id: as in the Code, "L1.12" or "L1.12(a)". listed_as: the entry it belongs to (itself, or its parent).
    holder: who carries the duty or the right. needs: what this system does about it, in our words.
    """

    id: str
    listed_as: str
    holder: str
    kind: Kind
    needs: str

    @property
    def is_sub_paragraph(self) -> bool:
        return self.id != self.listed_as

    @property
    def anchor(self) -> str:
        """The fragment of this clause's entry on the Code page."""
        return self.listed_as.replace("(", "-").replace(")", "")

    def __str__(self) -> str:
        return self.id


@cache
def _registry() -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for row in read_table(FOLDER / "clauses.yaml"):
        _add(found, row["id"], row["parts"], row["holder"], row["kind"], row["needs"])
    for row in read_table(FOLDER / "other_sections.yaml"):
        _add(found, row["id"], row["parts"], "", "other section", row["title"])
    return found


def _add(found: dict[str, Clause], id: str, parts: list[str], holder: str, kind: Kind, needs: str) -> None:
    for suffix in ("", *parts):
        key = id + suffix
        if key in found:
            raise ValueError(f"Clause {key} stands twice in the registry.")
        found[key] = Clause(id=key, listed_as=id, holder=holder, kind=kind, needs=needs)


def clause(id: str) -> Clause:
    """The clause of this id. Raises UnknownClause: call it at import, so that a wrong citation stops the start."""
    try:
        return _registry()[id]
    except KeyError:
        raise UnknownClause(f"There is no clause {id!r} in the registry (smki_pma/clauses).") from None


def all_clauses(*, section: str = "L") -> list[Clause]:
    """The listed clauses of a section, in the Code's order, without their sub-paragraphs."""
    return [c for c in _registry().values() if c.id.startswith(section) and not c.is_sub_paragraph]


def parent_of(id: str) -> str:
    """The listed clause that a citation belongs to: "L1.12(a)" gives "L1.12"."""
    return clause(id).listed_as

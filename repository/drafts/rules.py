"""The rules of L9.8 to L9.11 over plain data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from repository.drafts.cps import Cps
from smki_pma.clauses import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """DCC's answers: where in the document the content that L9.8(a)-(c) requires stands."""

    where_policies: str
    where_procedures: str
    where_other: str


def check_checklist(checklist: Checklist, *, cps: Cps) -> None:
    """The submission says where each required content stands. L9.8(a)-(c)"""
    for field, part in (("where_policies", "a"), ("where_procedures", "b"), ("where_other", "c")):
        if not getattr(checklist, field).strip():
            raise RuleViolation(
                f"Say where in the document the content of paragraph ({part}) stands.",
                clause=cps.cited(f"L9.8({part})"),
                field=field,
            )


def check_first(*, cps: Cps, has_version: bool, has_open_draft: bool) -> None:
    """An initial draft comes once; what follows is an amendment of the CPS in force. L9.9(a), L9.11(a)"""
    if has_version:
        raise RuleViolation(
            f"The {cps.label} is in force already. Propose amendments to it instead.",
            clause=cps.cited("L9.11(a)"),
        )
    check_none_open(cps=cps, has_open_draft=has_open_draft, clause="L9.9(a)")


def check_none_open(*, cps: Cps, has_open_draft: bool, clause: str) -> None:
    """One submission about a CPS at a time, so that each text follows from the last (house rule)."""
    if has_open_draft:
        raise RuleViolation(
            f"A submission about the {cps.label} is open already. Wait until it is closed.",
            clause=cps.cited(clause),
        )


def check_directed(*, cps: Cps, chosen: Collection[UUID], proposed: Collection[UUID]) -> None:
    """Approval subject to amendments directs at least one of those proposed before the vote. L9.9(b)(ii)"""
    if not chosen:
        raise RuleViolation(
            "Choose the amendments that DCC must make, at least one.",
            clause=cps.cited("L9.9(b)(ii)"),
            field="amendments",
        )
    if set(chosen) - set(proposed):
        raise RuleViolation(
            "Choose only from the amendments proposed to this draft.",
            clause=cps.cited("L9.9(b)(ii)"),
            field="amendments",
        )


def check_all_answered(
    *, cps: Cps, origin_clause: str, owed: Mapping[UUID, int], stated: Mapping[UUID, str]
) -> None:
    """DCC says of every amendment where it was made: it cannot decline one. L9.9(c), L9.11(b)

    owed: number of each amendment to be made. stated: what DCC says of each.
    """
    missing = [
        str(number)
        for id, number in sorted(owed.items(), key=lambda one: one[1])
        if not stated.get(id, "").strip()
    ]
    if missing:
        raise RuleViolation(
            f"Say where the amended draft makes amendment {', '.join(missing)}. "
            "No amendment can be left out.",
            clause=cps.cited(origin_clause),
        )
    if set(stated) - set(owed):
        raise RuleViolation(
            "Answer only the amendments that are to be made.", clause=cps.cited(origin_clause)
        )


def check_new_file(*, cps: Cps, sha256: str, earlier: Collection[str], clause: str) -> None:
    """An amended draft is another file than those before it. L9.9(c), L9.11(b)"""
    if sha256 in earlier:
        raise RuleViolation(
            "This file has been submitted before. Choose the file with the amendments made.",
            clause=cps.cited(clause),
            field="file",
        )


def check_return(*, cps: Cps, clause: str, missing: Mapping[UUID, str], other_changes: str) -> None:
    """A draft goes back only for a fact: an amendment not made, or a change that nobody decided. L9.9(c)"""
    if not other_changes.strip() and not any(text.strip() for text in missing.values()):
        raise RuleViolation(
            "Say which amendment is not made, or what else was changed.", clause=cps.cited(clause)
        )

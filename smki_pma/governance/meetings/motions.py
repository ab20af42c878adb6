"""What the PMA can decide: kinds of motion, registered by the rooms that own their subjects (L1.15)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from smki_pma.clauses import Clause, RuleViolation, clause

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that a motion of its kind may propose. What the Code does not allow has no option.

    effect: what carrying it does, in words. carries: dotted path of the service that does it; "" for a
    resolution that is complete in itself. The service is called as
    `service(subject_id=..., parameters=..., by=Actor.pma(...))`.
    """

    key: str
    label: str
    effect: str
    carries: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why something cannot be done now, with its ground, and where it can be settled.

    settled_at: an address, shown as the link `settle`; "" where there is no such place.
    """

    reason: str
    clause: str
    settled_at: str = ""
    settle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactVersion:
    """The document that is voted on, to the byte."""

    label: str
    sha256: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """What a subject's owner says of a motion about it.

    question: one sentence, confidential where the kind is; particulars and reasons that voters must know
    follow it after an empty line. public_question: may stand anywhere.
    """

    question: str
    public_question: str
    document: ExactVersion | None = None
    blockers: tuple[Blocker, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MotionKind:
    """A kind of decision, its ground and its options.

    subject_model: "app.Model" of what is decided on, "" for none. confidential: its items are.
    for_emergency: it may be put at a meeting that is convened at once for L2.14, where nothing else may.
    candidates, describe, form: dotted paths, see `subjects`, `proposition` and `form_class`.
    """

    key: str
    clause: str
    title: str
    options: tuple[Option, ...]
    subject_model: str = ""
    confidential: bool = False
    for_emergency: bool = False
    candidates: str = ""
    describe: str = ""
    form: str = ""
    ground: Clause = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ground", clause(self.clause))
        if not self.options or len({option.key for option in self.options}) != len(self.options):
            raise ValueError(f"Motion {self.key} needs options with different keys.")

    def option(self, key: str) -> Option:
        """The option of that key; RuleViolation where the Code gives none."""
        for option in self.options:
            if option.key == key:
                return option
        raise RuleViolation(
            "This cannot be proposed here. Choose one of the options.", clause=self.clause, field="option"
        )

    def fits(self, subject_model: str, *, confidential: bool) -> bool:
        """Whether it can be put on an item about such a subject; confidential motions need a confidential item."""
        if self.confidential and not confidential:
            return False
        return not subject_model or self.subject_model in ("", subject_model)

    def subjects(self) -> list[tuple[UUID, str]]:
        """What can be decided on now, each with a label that may stand anywhere."""
        if not self.candidates:
            return []
        found: Callable[[], Iterable[tuple[UUID, str]]] = import_string(self.candidates)
        return list(found())

    def proposition(self, subject_id: UUID | None, option: str, parameters: Parameters) -> Proposition:
        """The question that the subject's owner makes of it."""
        if self.describe:
            said: Proposition = import_string(self.describe)(subject_id, option, parameters)
            return said
        text = f"{self.title}: {self.option(option).label}"
        return Proposition(question=text, public_question=text)

    @cached_property
    def form_class(self) -> Any:
        """The form whose cleaned data become the parameters, or None."""
        return import_string(self.form) if self.form else None


_kinds: dict[str, MotionKind] = {}


def register_motion(kind: MotionKind) -> MotionKind:
    """Add a kind; the same key twice is a mistake of the programmer."""
    if kind.key in _kinds and _kinds[kind.key] != kind:
        raise ValueError(f"Motion {kind.key} is registered twice.")
    _kinds[kind.key] = kind
    return kind


def motion_kind(key: str) -> MotionKind:
    """The kind of that key; RuleViolation where there is none."""
    if key not in _kinds:
        raise RuleViolation(
            "There is no such kind of motion. Choose one of the list.", clause="L1.15", field="kind"
        )
    return _kinds[key]


def all_motion_kinds() -> list[MotionKind]:
    """Every registered kind, by title."""
    return sorted(_kinds.values(), key=lambda kind: kind.title)

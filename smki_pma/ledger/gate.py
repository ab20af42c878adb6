"""The one way to write: services, and the entry that each of them records.

A service is a keyword-only function. The outermost opens the transaction and, as its last statements,
appends what it and the services that it called have recorded. No entry, no change: a service that
records nothing is undone. See docs/adr on the write gate.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, overload
from uuid import UUID, uuid4

from django.db import models, transaction

from smki_pma.clauses import Refusal
from smki_pma.clauses import clause as clause_of
from smki_pma.ledger import canonical
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.entries import Access, Recorded, append, append_accesses
from smki_pma.ledger.governed import GovernedManager, GovernedModel, GovernedQuerySet, UngovernedWrite
from smki_pma.ledger.governed import writing_allowed as _writing_allowed
from smki_pma.ledger.models import AUDIENCES

__all__ = [
    "Actor",
    "GateError",
    "GovernedManager",
    "GovernedModel",
    "GovernedQuerySet",
    "UngovernedWrite",
    "attempt",
    "current_act_id",
    "current_actor",
    "reading",
    "record",
    "service",
    "unchanged",
    "writing_for_tests",
    "writing_reference_rows",
]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


HOUSE_RULE = "house rule"


class GateError(RuntimeError):
    """A service broke the rules of the gate: a fault of the program, never of the person."""


@dataclass(slots=True)
class _Call:
    """One call of a service."""

    name: str
    reads: str | None
    act_id: UUID
    within: UUID | None
    by: Actor | None
    recorded: int = 0
    unchanged: bool = False
    subject: tuple[str, str] = ("", "")
    purpose: str = ""


@dataclass(slots=True)
class _Act:
    """The outermost call with everything that it will append."""

    calls: list[_Call] = field(default_factory=list)
    entries: list[Recorded] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    refused: str = ""


_act: ContextVar[_Act | None] = ContextVar("act", default=None)


@overload
def service(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def service(*, reads: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def service(function: Callable[P, R] | None = None, /, *, reads: str | None = None) -> Any:
    """Make a keyword-only function the only way to change what it changes.

    It must record exactly one entry, or return unchanged(value). reads: what the function lets somebody
    read; it then records no entry but one row of the access log, for the Actor given as `by`.
    """

    def decorate(inner: Callable[P, R]) -> Callable[P, R]:
        _check_signature(inner, reads)

        @functools.wraps(inner)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{inner.__name__}() takes keyword arguments only.")
            act = _act.get()
            if act is None:
                return _run_outermost(inner, kwargs, reads)
            return _run_within(act, inner, kwargs, reads)

        return run

    return decorate if function is None else decorate(function)


def _check_signature(function: Callable[..., object], reads: str | None) -> None:
    parameters = inspect.signature(function).parameters
    wrong = [p.name for p in parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    if wrong:
        raise TypeError(f"The service {function.__qualname__} must take keyword arguments only: {wrong}.")
    if reads is not None and "by" not in parameters:
        raise TypeError(f"The logged read {function.__qualname__} must say who reads: by.")


def _run_outermost(function: Callable[..., R], kwargs: dict[str, Any], reads: str | None) -> R:
    act = _Act()
    token = _act.set(act)
    try:
        with transaction.atomic():
            result = _call(act, function, kwargs, reads)
            _append_all(act)
        return result
    finally:
        _act.reset(token)


def _run_within(act: _Act, function: Callable[..., R], kwargs: dict[str, Any], reads: str | None) -> R:
    depth = len(act.calls)
    try:
        return _call(act, function, kwargs, reads)
    except BaseException as error:
        del act.calls[depth:]
        act.refused = f"{function.__qualname__}: {error}"
        raise


def _call(act: _Act, function: Callable[..., R], kwargs: dict[str, Any], reads: str | None) -> R:
    by = kwargs.get("by")
    call = _Call(
        name=f"{function.__module__}.{function.__qualname__}",
        reads=reads,
        act_id=uuid4(),
        within=act.calls[-1].act_id if act.calls else None,
        by=by if isinstance(by, Actor) else None,
    )
    act.calls.append(call)
    with _writing_allowed():
        result = function(**kwargs)
    if reads is None:
        _check_recorded(call)
    else:
        act.accesses.append(_access(call, reads, kwargs))
    act.calls.pop()
    return result


def _check_recorded(call: _Call) -> None:
    if call.unchanged and call.recorded:
        raise GateError(f"{call.name} said that it changed nothing but recorded an entry.")
    if not call.unchanged and call.recorded != 1:
        raise GateError(f"{call.name} must record exactly one entry; it recorded {call.recorded}.")


def _access(call: _Call, reads: str, kwargs: Mapping[str, Any]) -> Access:
    if call.by is None:
        raise GateError(f"{call.name} must be given an Actor as `by`.")
    if call.recorded:
        raise GateError(f"{call.name} is a logged read and records no entry of its own.")
    subject_type, subject_id = call.subject if call.subject[1] else _subject_named_in(kwargs)
    return Access(
        act_id=call.act_id,
        by=call.by,
        what=reads,
        subject_type=subject_type,
        subject_id=subject_id,
        purpose=call.purpose or str(kwargs.get("purpose") or ""),
    )


def _subject_named_in(kwargs: Mapping[str, Any]) -> tuple[str, str]:
    for name, value in kwargs.items():
        if name.endswith("_id"):
            return name.removesuffix("_id"), str(value)
    return "", ""


def _append_all(act: _Act) -> None:
    if act.refused:
        raise GateError(
            f"A service went on after one that it had called was refused ({act.refused}): "
            "call it through attempt()."
        )
    if act.accesses:
        append_accesses(act.accesses)
    if act.entries:
        numbers = append(act.entries)
        _ask_for_checkpoint(act.entries, numbers)


def _ask_for_checkpoint(entries: list[Recorded], numbers: range) -> None:
    if any(entry.checkpoint for entry in entries):
        from smki_pma import jobs

        size = numbers.stop
        jobs.enqueue("ledger.checkpoint", {"log": "ledger", "size": size}, key=f"ledger.checkpoint:{size}")


def _open_call(doing: str) -> tuple[_Act, _Call]:
    act = _act.get()
    if act is None or not act.calls:
        raise GateError(f"{doing} only inside a service.")
    return act, act.calls[-1]


def record(
    event: str,
    *,
    clause: str,
    by: Actor,
    subject: models.Model,
    facts: Mapping[str, object] | None = None,
    audience: str,
    party_id: UUID | None = None,
    checkpoint: bool = False,
) -> None:
    """Record what the running service did; appended when the outermost service ends.

    event: "noun.verbed". facts: JSON types, times, dates, UUIDs, decimals; no floats, and no confidential
    text where everybody reads. audience: who may read it ("public", "parties", "pma", "cps" for PMA and
    DCC, "dcc", "party" for that party_id and DCC). checkpoint: a decision, so a tree head is signed at once.
    """
    act, call = _open_call("An entry is recorded")
    if audience not in AUDIENCES:
        raise GateError(f"There is no audience {audience!r}: one of {', '.join(AUDIENCES)}.")
    if audience == "party" and party_id is None:
        raise GateError("An entry for one Party must say which: party_id.")
    call.recorded += 1
    call.by = call.by or by
    act.entries.append(
        Recorded(
            act_id=call.act_id,
            within=call.within,
            event=event,
            clause=_cited(clause),
            by=by,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            facts=canonical.plain(dict(facts or {})),
            audience=audience,
            party_id=party_id,
            checkpoint=checkpoint,
        )
    )


def _cited(clause: str) -> str:
    """The clause as the entry keeps it; what rests on no clause is said to be a house rule."""
    return clause if clause == HOUSE_RULE else clause_of(clause).id


def unchanged(value: T) -> T:
    """Return this from a service that found nothing to do: an idempotent repeat, nothing written."""
    _, call = _open_call("Nothing is changed")
    call.unchanged = True
    return value


def reading(subject: models.Model, *, purpose: str = "") -> None:
    """Say what a logged read reads, and why, where the arguments do not."""
    _, call = _open_call("A read is logged")
    call.subject = (subject._meta.label_lower, str(subject.pk))
    call.purpose = purpose or call.purpose


def attempt(function: Callable[[], R]) -> tuple[R | None, Refusal | None]:
    """Run a nested service in a savepoint; a refusal undoes it, drops its entries and is handed back."""
    act, _ = _open_call("A service is attempted")
    entries, accesses, refused = len(act.entries), len(act.accesses), act.refused
    try:
        with transaction.atomic():
            return function(), None
    except Refusal as refusal:
        del act.entries[entries:], act.accesses[accesses:]
        act.refused = refused
        return None, refusal


def current_act_id() -> UUID | None:
    """The id of the running service's act, which its entry and its history rows carry; None outside."""
    act = _act.get()
    return act.calls[-1].act_id if act and act.calls else None


def current_actor() -> Actor | None:
    """Who acts in the running service, as far as it has said; None outside."""
    act = _act.get()
    return act.calls[-1].by if act and act.calls else None


@contextmanager
def writing_for_tests() -> Iterator[None]:
    """Let a test build rows by hand."""
    with _writing_allowed(by_hand=True):
        yield


@contextmanager
def writing_reference_rows() -> Iterator[None]:
    """Let migrate put the rows in place that the product ships with."""
    with _writing_allowed():
        yield

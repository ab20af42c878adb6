"""Which kinds of job exist, who handles them, and what recurs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

Payload = dict[str, Any]
ATTEMPTS = 8
Handle = Callable[[Payload], Payload | None]
Tick = Callable[[], Payload | None]
OnFailure = Callable[[Payload, str], None]


class Lane(StrEnum):
    """What one kind of worker takes its jobs from; jobs of one lane never stand behind those of another.

    URGENT: people and programs wait for it. BATCH: long work, by processes of its own with a lower
    priority. BACKGROUND: what they do when no batch waits; each job short, so that a batch soon gets its turn.
    """

    URGENT = "urgent"
    NORMAL = "normal"
    BATCH = "batch"
    BACKGROUND = "background"

    @property
    def queue(self) -> str:
        """The broker's queue that wakes its workers."""
        return str(Lane.BATCH if self is Lane.BACKGROUND else self)


class UnknownKind(LookupError):
    """No tasks.py of this release registers a handler for the kind."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done.

    atomic: in one transaction with marking the job done. lease: after this long without an end another
    worker may take the job. on_failure: called with payload and error in the transaction that gives up.
    """

    kind: str
    handle: Handle
    atomic: bool
    lane: Lane
    attempts: int
    lease: timedelta
    on_failure: OnFailure | None


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that falls due once in every interval."""

    kind: str
    interval: timedelta


_handlers: dict[str, Handler] = {}
_preparations: list[Callable[[], None]] = []
_loaded_before_fork: list[str] = []
_recurring: dict[str, Recurring] = {}


def job_handler(
    kind: str,
    *,
    atomic: bool = True,
    lane: Lane = Lane.NORMAL,
    attempts: int = ATTEMPTS,
    lease: timedelta = timedelta(minutes=5),
    on_failure: OnFailure | None = None,
) -> Callable[[Handle], Handle]:
    """Register the function that does jobs of a kind.

    Atomic (the default): exactly once in effect; keep it short, on SQLite it holds the only write lock.
    atomic=False, for effects outside the database: at least once, the handler keeps its own record.
    """

    def register(handle: Handle) -> Handle:
        if kind in _handlers:
            raise ValueError(f"Two handlers for jobs of kind {kind!r}.")
        _handlers[kind] = Handler(kind, handle, atomic, lane, attempts, lease, on_failure)
        return handle

    return register


def at_worker_start(prepare: Callable[[], None]) -> Callable[[], None]:
    """Register what a process that does jobs does first: open keys, load slow modules. After any fork."""
    if prepare not in _preparations:
        _preparations.append(prepare)
    return prepare


def load_before_fork(module: str) -> None:
    """Name a slow module that the processes of a pool load once and share: code alone, no key, no connection."""
    if module not in _loaded_before_fork:
        _loaded_before_fork.append(module)


def loaded_before_fork() -> list[str]:
    """The modules that the parent of a pool loads."""
    return list(_loaded_before_fork)


def preparations() -> list[Callable[[], None]]:
    """What every process that does jobs does first."""
    return list(_preparations)


def every(
    interval: str, *, name: str, atomic: bool = True, on_failure: OnFailure | None = None
) -> Callable[[Tick], Tick]:
    """Register a function without arguments that runs once in every interval: "30s", "5m", "1h", "1d".

    Intervals that passed while nothing ran are not made up for: one run follows, not many. on_failure: as
    of job_handler, when the attempts of one interval have failed.
    """
    length = parse_interval(interval)

    def register(tick: Tick) -> Tick:
        job_handler(name, atomic=atomic, attempts=3, on_failure=on_failure)(lambda _payload: tick())
        _recurring[name] = Recurring(name, length)
        return tick

    return register


def parse_interval(text: str) -> timedelta:
    """ "90s", "5m", "1h" or "1d" as a length of time. Raises ValueError for anything else."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdecimal() or int(number) == 0:
        raise ValueError(f"{text!r} is no interval: write for example 30s, 5m, 1h or 1d.")
    return timedelta(**{units[unit]: int(number)})


def handler_for(kind: str) -> Handler:
    """The handler of a kind of job. Raises UnknownKind where no tasks.py registers one."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"No tasks.py registers a handler for jobs of kind {kind!r}.") from None


def recurring() -> list[Recurring]:
    """Everything that recurs, by name."""
    return [_recurring[kind] for kind in sorted(_recurring)]

"""Acts that begin at the same moment, each in a thread and on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

Caught = type[Exception] | tuple[type[Exception], ...]


def at_once(*acts: Callable[[], Any], catching: Caught = Exception) -> list[Any]:
    """What each act returned, or raised of what is caught, in the order given."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        ready.wait()
        try:
            results[index] = act()
        except catching as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    step: str,
    *,
    of: Callable[[], Any],
    do: Callable[[], Any],
    catching: Caught = Exception,
) -> list[Any]:
    """Begin the second act when the first has come to a step of its own; what came of both.

    The first goes on when the second has ended, or after a second: then the second waits for the first.
    """
    reached, ended, real = threading.Event(), threading.Event(), getattr(owner, step)

    def pausing(*arguments: Any, **named: Any) -> Any:
        if not reached.is_set():
            reached.set()
            ended.wait(1)
        return real(*arguments, **named)

    def second() -> Any:
        if not reached.wait(30):
            raise AssertionError(f"The first act never came to {step}.")
        try:
            return do()
        finally:
            ended.set()

    monkeypatch.setattr(owner, step, pausing)
    return at_once(of, second, catching=catching)

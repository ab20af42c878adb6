"""Acts that begin at the same moment, each in a thread and on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

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

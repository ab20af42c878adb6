"""Celery's wake-up calls through a folder, for one machine without a broker server.

Kombu's own filesystem transport lets a reader see a message before it is written; here a message appears
whole, by renaming. A call may be lost when a process is killed: the job's row is the truth.
"""

import itertools
import json
import os
import time
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual

_count = itertools.count()


class Channel(virtual.Channel):
    """One folder for each queue, one file for each message."""

    supports_fanout = False

    def _folder(self, queue: str) -> Path:
        folder = Path(self.connection.client.transport_options["folder"]) / queue
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020}-{os.getpid()}-{next(_count)}"
        fresh = self._folder(queue) / f".{name}"
        fresh.write_text(json.dumps(message))
        fresh.rename(self._folder(queue) / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for file in self._messages(queue):
            try:
                text = file.read_text()
                file.unlink()
                message: dict[str, Any] = json.loads(text)
            except (FileNotFoundError, ValueError):
                continue  # another reader had it first, or the machine went down over it
            return message
        raise Empty

    def _messages(self, queue: str) -> list[Path]:
        return sorted(file for file in self._folder(queue).iterdir() if not file.name.startswith("."))

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _purge(self, queue: str) -> int:
        messages = self._messages(queue)
        for file in messages:
            file.unlink(missing_ok=True)
        return len(messages)


class Transport(virtual.Transport):
    """Named folder:// in the broker's address; smki_pma.celery makes the name known."""

    Channel = Channel
    global_state = virtual.BrokerState()  # type: ignore[no-untyped-call]
    polling_interval = 0.05
    driver_type = "folder"
    driver_name = "folder"

    def driver_version(self) -> str:
        return "1"

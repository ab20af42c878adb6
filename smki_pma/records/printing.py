"""Having documents made by a process of their own, which holds the tools for PDF and none of our secrets.

It is started when it is needed and ends by itself soon after: 60 MB that a worker need not keep.
"""

import os
import subprocess
import sys
import threading

from smki_pma.records.orders import Order, read_frame, write_frame

_COMMAND = [sys.executable, "-m", "smki_pma.records.pdf"]
_one_at_a_time = threading.Lock()
_running: "subprocess.Popen[bytes] | None" = None


class NotPrinted(Exception):
    """The document could not be made; the message says what the tools found."""


def print_signed(order: Order) -> bytes:
    """The signed PDF/A-3a. Raises NotPrinted."""
    with _one_at_a_time:
        # A process that was about to end takes the order with it: another gets it then, once.
        answer = _ask(order) or _ask(order)
    if answer is None:
        raise NotPrinted("The process that makes documents ended without an answer.")
    if answer[:1] == b"-":
        raise NotPrinted(answer[1:].decode())
    return answer[1:]


def _ask(order: Order) -> bytes | None:
    process = _process()
    if process.stdin is None or process.stdout is None:
        raise NotPrinted("The process that makes documents has no pipes.")
    try:
        write_frame(process.stdin, order.dump())
        answer = read_frame(process.stdout)
    except BrokenPipeError:
        answer = None
    if answer is None:
        # Its pipes close before it has quite ended: without this the next order might go to it as well.
        process.kill()
        process.wait()
    return answer


def _process() -> "subprocess.Popen[bytes]":
    global _running
    if _running is None or _running.poll() is not None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SMKI_")}
        _running = subprocess.Popen(  # noqa: S603  a command of our own
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean
        )
    return _running

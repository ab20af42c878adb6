"""What a browser or program still sends when it has its answer already is taken in, and dropped.

A refusal often needs no look at the message (no form's key, no right). A server that then closes the connection with
octets unread resets it, and the TLS front, which is still sending, says "Bad gateway" instead of the refusal.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

# Above what the front lets through (nginx.conf).
MOST = 256 * 1024 * 1024
_PIECE = 1024 * 1024


class TakenIn:
    """A WSGI application whose messages are read to their end, up to MOST octets."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer: Iterable[bytes] = self._application(environ, start_response)
        left = MOST
        with suppress(OSError):  # the sender has gone: so has whoever would read the answer
            while left > 0 and (piece := environ["wsgi.input"].read(min(_PIECE, left))):
                left -= len(piece)
        return answer

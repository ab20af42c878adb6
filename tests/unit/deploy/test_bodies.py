"""A message that was answered unread is taken in before the connection closes, and no more than the most."""

import io
from typing import Any

import pytest

from smki_pma.deploy import bodies
from smki_pma.deploy.bodies import TakenIn


class Gone(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def refuse(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    environ["wsgi.input"].read(3)
    return [b"no"]


def test_what_was_not_read_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_PIECE", 4)
    message = io.BytesIO(b"0123456789")
    assert TakenIn(refuse)({"wsgi.input": message}, None) == [b"no"]
    assert message.tell() == 10


def test_an_endless_message_is_not_taken_in_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_PIECE", 4)
    monkeypatch.setattr(bodies, "MOST", 6)
    message = io.BytesIO(bytes(100))
    TakenIn(refuse)({"wsgi.input": message}, None)
    assert message.tell() == 9


def test_a_sender_that_has_gone_breaks_nothing() -> None:
    assert TakenIn(lambda environ, start_response: [b"yes"])({"wsgi.input": Gone()}, None) == [b"yes"]

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from smki_pma.jobs.transport import Channel


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    connection = Connection("folder://localhost", transport_options={"folder": str(tmp_path)})
    opened: Channel = connection.channel()
    return opened


def test_messages_come_in_order_and_once(channel: Channel) -> None:
    for n in range(3):
        channel._put("urgent", {"n": n})
    assert [channel._get("urgent")["n"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("urgent")


def test_queues_are_apart(channel: Channel) -> None:
    channel._put("urgent", {"n": 1})
    with pytest.raises(Empty):
        channel._get("normal")


def test_half_a_message_is_dropped_and_stops_nobody(channel: Channel, tmp_path: Path) -> None:
    channel._put("urgent", {"n": 1})
    (tmp_path / "urgent" / "0-half").write_text('{"n"')
    (tmp_path / "urgent" / "0-none").touch()
    assert channel._get("urgent") == {"n": 1}
    assert list((tmp_path / "urgent").iterdir()) == []


def test_a_message_being_written_is_not_seen(channel: Channel, tmp_path: Path) -> None:
    channel._put("urgent", {"n": 1})
    (tmp_path / "urgent" / ".being-written").write_text('{"n"')
    assert channel._size("urgent") == 1
    assert channel._purge("urgent") == 1
    assert (tmp_path / "urgent" / ".being-written").exists()

from datetime import timedelta

import pytest

from smki_pma.jobs import registry


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("1h", timedelta(hours=1)),
        ("2d", timedelta(days=2)),
    ],
)
def test_interval_is_read(text: str, length: timedelta) -> None:
    assert registry.parse_interval(text) == length


@pytest.mark.parametrize("text", ["", "h", "1", "0h", "1 h", "-1h", "1w", "1.5h"])
def test_wrong_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no interval"):
        registry.parse_interval(text)


def test_second_handler_for_a_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_handlers", {})
    registry.job_handler("test.kind")(lambda payload: None)
    with pytest.raises(ValueError, match="Two handlers"):
        registry.job_handler("test.kind")(lambda payload: None)


def test_unknown_kind_is_named() -> None:
    with pytest.raises(registry.UnknownKind, match=r"no\.such"):
        registry.handler_for("no.such")

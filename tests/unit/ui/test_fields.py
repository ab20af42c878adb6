"""Reading dates and times as people write them."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.calendar import clock
from smki_pma.ui.fields import DayField, MomentField, read_time

DAY = DayField(label="Date of the meeting")
MOMENT = MomentField(label="Start")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_that_exists_is_read(day: date) -> None:
    assert DAY.clean([str(day.day), str(day.month), f"{day.year:04}"]) == day


@pytest.mark.parametrize("boxes", [["27", "mar", "2027"], ["27", "March", "2027"], [" 27 ", "03", "2027"]])
def test_months_in_words_and_stray_spaces(boxes: list[str]) -> None:
    assert DAY.clean(boxes) == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("boxes", "message", "parts"),
    [
        (["", "", ""], "Enter date of the meeting", [0, 1, 2]),
        (["", "3", "2027"], "Date of the meeting must include a day", [0]),
        (["27", "", ""], "Date of the meeting must include a month and year", [1, 2]),
        (["31", "2", "2027"], "Date of the meeting must be a real date, for example 27 3 2027", [0, 1]),
        (["27", "13", "2027"], "Date of the meeting must be a real date, for example 27 3 2027", [0, 1]),
        (["x", "3", "2027"], "Date of the meeting must be a real date, for example 27 3 2027", [0]),
        (["27", "3", "27"], "Year must include 4 numbers", [2]),
        (["²", "3", "2027"], "Date of the meeting must be a real date, for example 27 3 2027", [0]),
        (["9" * 5000, "3", "2027"], "Date of the meeting must be a real date, for example 27 3 2027", [0]),
    ],
)
def test_what_is_wrong_with_a_date_and_where(boxes: list[str], message: str, parts: list[int]) -> None:
    with pytest.raises(ValidationError) as caught:
        DAY.clean(boxes)
    assert caught.value.messages == [message]
    assert caught.value.parts == parts  # type: ignore[attr-defined]


def test_an_empty_date_may_be_allowed() -> None:
    assert DayField(required=False).clean(["", "", ""]) is None
    assert DayField(required=False).clean(None) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14:15", time(14, 15)),
        ("2:15pm", time(14, 15)),
        ("2.15 PM", time(14, 15)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("00:00", time(0)),
        ("9:05", time(9, 5)),
    ],
)
def test_times_as_people_write_them(written: str, meant: time) -> None:
    assert read_time(written, "start") == meant


@pytest.mark.parametrize("written", ["25:00", "14", "14:60", "13pm", "0am", "noon", "14:15:30", "2:5"])
def test_what_is_not_a_time(written: str) -> None:
    with pytest.raises(ValidationError, match="Enter a time like 14:15 or 2:15pm"):
        read_time(written, "start")


def test_a_moment_is_read_in_london() -> None:
    assert MOMENT.clean(["1", "6", "2027", "14:15"]) == datetime(2027, 6, 1, 13, 15, tzinfo=UTC)
    assert MOMENT.clean(["1", "12", "2027", "14:15"]) == datetime(2027, 12, 1, 14, 15, tzinfo=UTC)


def test_the_hour_that_spring_skips_is_refused() -> None:
    with pytest.raises(ValidationError, match="clocks go forward") as caught:
        MOMENT.clean(["28", "3", "2027", "1:30"])
    assert caught.value.parts == [3]  # type: ignore[attr-defined]


def test_the_hour_that_autumn_repeats_is_its_first() -> None:
    assert MOMENT.clean(["31", "10", "2027", "1:30"]) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2090, 1, 1)))
def test_a_moment_survives_the_boxes(naive: datetime) -> None:
    at = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    boxes = [str(part) for part in MOMENT.widget.decompress(MOMENT.prepare_value(at))]
    again = MOMENT.clean(boxes)
    assert again.astimezone(clock.LONDON).replace(tzinfo=None, fold=0) == at.astimezone(clock.LONDON).replace(
        tzinfo=None, fold=0
    )

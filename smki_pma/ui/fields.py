"""Form fields for a day and for a moment, with errors that say which box is wrong."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from smki_pma.calendar import clock
from smki_pma.ui.widgets import DayInput, MomentInput

PARTS = ["day", "month", "year"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


class PartError(ValidationError):
    """An error about some boxes of a group. parts: their indexes, from 0."""

    def __init__(self, message: str, parts: list[int]) -> None:
        super().__init__(message)
        self.parts = parts


class _Group(forms.Field):
    """A field whose widget hands it a list of strings, one for each box."""

    def __init__(self, *, about: str = "", **kwargs: Any) -> None:
        """about: the thing asked for, as an error names it ("date of the meeting"); else the label."""
        super().__init__(**kwargs)
        self.about = about

    @property
    def named(self) -> str:
        return self.about or _lower_first(str(self.label or "the date"))

    def clean(self, value: Any) -> Any:
        boxes = [str(box or "").strip() for box in value or []]
        if not any(boxes):
            if self.required:
                raise PartError(f"Enter {self.named}", list(range(len(boxes) or 1)))
            return None
        cleaned = self.read(boxes)
        self.run_validators(cleaned)
        return cleaned

    def read(self, boxes: list[str]) -> Any:
        raise NotImplementedError

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial or data)


class DayField(_Group):
    """A date in three boxes. Cleans to a date."""

    widget = DayInput

    def read(self, boxes: list[str]) -> date:
        return read_day(boxes, self.named)


class MomentField(_Group):
    """A London date and time of day in four boxes. Cleans to an aware moment in UTC."""

    widget = MomentInput

    def read(self, boxes: list[str]) -> datetime:
        day = read_day(boxes[:3], self.named)
        local = datetime.combine(day, read_time(boxes[3], self.named), clock.LONDON)
        if local.astimezone(UTC).astimezone(clock.LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise PartError("The clocks go forward then: that time does not exist on that day", [3])
        return local.astimezone(UTC)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(clock.LONDON) if isinstance(value, datetime) else value


def read_day(boxes: list[str], named: str) -> date:
    """The date that three boxes say. Raises PartError with what is wrong and where."""
    if missing := [index for index, box in enumerate(boxes) if not box]:
        words = " and ".join(PARTS[index] for index in missing)
        raise PartError(f"{_upper_first(named)} must include a {words}", missing)
    numbers = [_number(boxes[0]), _month(boxes[1]), _number(boxes[2])]
    if wrong := [index for index, number in enumerate(numbers) if number is None]:
        raise PartError(f"{_upper_first(named)} must be a real date, for example 27 3 2027", wrong)
    day, month, year = (number or 0 for number in numbers)
    if not 1000 <= year <= 9999:
        raise PartError("Year must include 4 numbers", [2])
    try:
        return date(year, month, day)
    except ValueError:
        raise PartError(f"{_upper_first(named)} must be a real date, for example 27 3 2027", [0, 1]) from None


def read_time(box: str, named: str) -> time:
    """The time of day in words that people use: 14:15, 2.15pm, 2pm. Raises PartError."""
    if not box:
        raise PartError(f"{_upper_first(named)} must include a time, for example 14:15 or 2:15pm", [3])
    found = TIME.fullmatch(box)
    if found:
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
            half = ""
        if not half and hour < 24 and minute < 60 and (found["minute"] or found["half"]):
            return time(hour, minute)
    raise PartError("Enter a time like 14:15 or 2:15pm", [3])


def _number(box: str) -> int | None:
    return int(box) if len(box) <= 4 and box.isascii() and box.isdigit() else None


def _month(box: str) -> int | None:
    short = box.lower()[:3]
    return MONTHS.index(short) + 1 if short in MONTHS else _number(box)


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lower_first(words: str) -> str:
    return words if words[:2].isupper() else words[:1].lower() + words[1:]

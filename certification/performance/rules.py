"""Rules of forecasts: which months, by when, and what a table of numbers must be. Pure functions."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from smki_pma.calendar import working_days
from smki_pma.clauses import RuleViolation

MONTHS_AHEAD = 8
DUE_MONTHS = (3, 6, 9, 12)
DUE_WORKING_DAY = 15
LARGEST = 999_999_999
COLUMNS = ("month", "single", "batched", "organisation")
LARGEST_FILE = 65_536
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Expected:
    """The requests expected in a month; see models.ForecastMonth."""

    month: date
    single: int
    batched: int
    organisation: int


def compute_months(provided_on: date) -> tuple[date, ...]:
    """The first days of the eight months after the end of the month in which a forecast is provided. L8.7"""
    index = provided_on.year * 12 + provided_on.month
    return tuple(date(each // 12, each % 12 + 1, 1) for each in range(index, index + MONTHS_AHEAD))


def compute_due(year: int, month: int) -> date:
    """The 15th Working Day of March, June, September or December. L8.7"""
    return working_days.nth_working_day_of_month(year, month, DUE_WORKING_DAY)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A month in which a forecast falls due: its first day, its name, the last day on which one is in time."""

    month: date
    name: str
    due_on: date


def compute_occasion(on: date) -> Occasion:
    """The occasion that a forecast of this day can meet: of this month, or of the last due month before it. L8.7"""
    index = on.year * 12 + on.month - 1
    index -= (index + 1) % 3  # back to March, June, September or December
    month = date(index // 12, index % 12 + 1, 1)
    return Occasion(month, f"{month:%B %Y}", compute_due(month.year, month.month))


def check_months(expected: Sequence[Expected], *, provided_on: date) -> None:
    """A forecast has exactly the eight months that follow, each once; none that has begun. L8.7"""
    wanted = compute_months(provided_on)
    if sorted(each.month for each in expected) != list(wanted):
        raise RuleViolation(
            f"A forecast provided in {provided_on:%B %Y} covers each month from {wanted[0]:%B %Y} to "
            f"{wanted[-1]:%B %Y}, once. Put in exactly these.",
            clause="L8.7",
        )
    for each in expected:
        for number in (each.single, each.batched, each.organisation):
            if not 0 <= number <= LARGEST:
                raise RuleViolation(
                    f"{each.month:%B %Y}: a number of requests is from 0 to {LARGEST:,}.", clause="L8.7"
                )


def check_provider(*, is_authorised: bool) -> None:
    """Forecasts come from Authorised Subscribers under the Device Certificate Policy. L8.7"""
    if not is_authorised:
        raise RuleViolation(
            "Only an Authorised Subscriber under the Device Certificate Policy provides a forecast.",
            clause="L8.7",
        )


def read_table(content: bytes) -> list[Expected]:
    """The months of a CSV file with the columns month (2027-01), single, batched, organisation. L8.7

    Raises RuleViolation that names the line and says what to put right.
    """
    if len(content) > LARGEST_FILE:
        raise _unreadable("The file is larger than 64 KB; a forecast has nine short lines.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("The file is not text in UTF-8. Save it as CSV.") from None
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(map(str.strip, row))
        ]
    except csv.Error:
        raise _unreadable(
            "The file is no CSV that can be read. Save it as CSV, separated by commas."
        ) from None
    if not rows or [each.strip().lower() for each in rows[0]] != list(COLUMNS):
        raise _unreadable(f"The first line must be: {','.join(COLUMNS)}")
    return [_read_row(number, row) for number, row in enumerate(rows[1:], start=2)]


def _read_row(number: int, row: list[str]) -> Expected:
    if len(row) != len(COLUMNS):
        raise _unreadable(f"Line {number} has {len(row)} columns; it needs {len(COLUMNS)}.")
    found = _MONTH.fullmatch(row[0].strip())
    if found is None or found["year"] == "0000":
        raise _unreadable(f"Line {number}: write the month like 2027-01.")
    counts = [_count(number, name, text) for name, text in zip(COLUMNS[1:], row[1:], strict=True)]
    return Expected(date(int(found["year"]), int(found["month"]), 1), *counts)


def _count(number: int, name: str, text: str) -> int:
    plain = text.strip()
    if not plain.isascii() or not plain.isdecimal() or len(plain) > len(str(LARGEST)):
        raise _unreadable(
            f"Line {number}, {name}: write a whole number from 0 to {LARGEST}, without separators."
        )
    return int(plain)


def _unreadable(message: str) -> RuleViolation:
    return RuleViolation(message, clause="L8.7", field="file")


def write_table(expected: Iterable[Expected]) -> str:
    """The CSV that read_table reads. L8.7"""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in expected:
        writer.writerow([f"{each.month:%Y-%m}", each.single, each.batched, each.organisation])
    return out.getvalue()


def compute_share(sent: int, forecast: int | None) -> int | None:
    """What was sent in per cent of what was forecast, in whole ones rounded down; None without a forecast above 0. L8.9

    For people; L8.9 and L8.12 compare the numbers themselves.
    """
    return sent * 100 // forecast if forecast else None


def fill(months: Iterable[date], known: Mapping[date, Expected]) -> list[Expected]:
    """A table of these months with what is known already, and noughts elsewhere."""
    return [known.get(month, Expected(month, 0, 0, 0)) for month in months]

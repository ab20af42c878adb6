"""Comma-separated lines to be streamed, in which no cell is a formula to a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# A cell that begins so is computed by spreadsheets (OWASP, CSV injection).
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """The value as text; an apostrophe stands before what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The header and each row as one line, made as they are asked for."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for row in _chain(header, rows):
        writer.writerow([safe_cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _chain(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield header
    yield from rows

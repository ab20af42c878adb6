"""Files for spreadsheets in which nothing is computed."""

import csv

import pytest

from smki_pma.ui.csv_lines import csv_lines


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        (None, ""),
        (7, "7"),
        ('He said "no", twice\nand left', 'He said "no", twice\nand left'),
    ],
)
def test_no_cell_is_a_formula_and_every_cell_comes_back(value, cell):
    lines = "".join(csv_lines(("A", "B"), [(value, "x")]))
    assert list(csv.reader(lines.splitlines(keepends=True)))[1] == [cell, "x"]

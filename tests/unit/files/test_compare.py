"""Two texts compared word by word: nothing is lost, nothing is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.files.compare import Folded, around_changes, compare_texts, compute_segments, whole_text

WORDS = st.text(alphabet="ab \n,é", max_size=60)


@given(before=WORDS, after=WORDS)
def test_both_texts_can_be_put_together_again(before, after):
    segments = compute_segments(before, after)
    assert whole_text(segments, "removed") == before
    assert whole_text(segments, "added") == after


@given(before=WORDS, after=WORDS)
def test_rows_hold_every_word_of_both_texts(before, after):
    rows = compare_texts(before, after).rows
    left = "".join(s.text for row in rows for p in row.before for s in p)
    right = "".join(s.text for row in rows for p in row.after for s in p)
    assert left == before.replace("\n", "")
    assert right == after.replace("\n", "")


@given(before=WORDS, after=WORDS)
def test_identical_means_identical(before, after):
    def without_end(text: str) -> str:
        return text.rstrip("\n")

    comparison = compare_texts(before, after)
    if without_end(before) == without_end(after):
        assert comparison.is_identical or before != after
    else:
        assert not comparison.is_identical


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("Keys are held for ten years.", "Keys are held for twelve years.", ["ten"], ["twelve"]),
        ("One.", "One.\nTwo.", [], ["Two."]),
        ("One.\nTwo.", "Two.", ["One."], []),
        ("Same.", "Same.", [], []),
    ],
)
def test_changed_words_are_named(before, after, removed, added):
    rows = compare_texts(before, after).rows
    assert [s.text for row in rows for p in row.before for s in p if s.op == "removed"] == removed
    assert [s.text for row in rows for p in row.after for s in p if s.op == "added"] == added


def test_more_words_than_surrogate_code_points():
    before = " ".join(f"w{n}" for n in range(56_000))
    segments = compute_segments(before, before + " last")
    assert whole_text(segments, "added") == before + " last"


def test_unchanged_rows_are_folded():
    before = "\n".join(f"Paragraph {n}." for n in range(10))
    rows = compare_texts(before, before.replace("Paragraph 5.", "Paragraph five.")).rows
    shown = around_changes(rows)
    assert (shown[0], shown[-1]) == (Folded(4), Folded(3))
    assert len(shown) == 5

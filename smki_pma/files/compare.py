"""Word-level comparison of two texts, as data for a side-by-side page. No markup is made here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from diff_match_patch import diff_match_patch

Op = Literal["equal", "removed", "added"]

_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_SURROGATES_START, _SURROGATES = 0xD800, 0x800
_SECONDS = 5.0
_OPS: dict[int, Op] = {-1: "removed", 0: "equal", 1: "added"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both texts have, or that one of them lacks."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that stand side by side; each paragraph is a list of segments."""

    before: list[list[Segment]]
    after: list[list[Segment]]

    @property
    def changed(self) -> bool:
        return any(s.op != "equal" for side in (self.before, self.after) for p in side for s in p) or len(
            self.before
        ) != len(self.after)


@dataclass(frozen=True, slots=True)
class Folded:
    """So many unchanged rows that are not shown."""

    folded: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of a comparison in the order of the text."""

    rows: list[Row]

    @property
    def changes(self) -> list[Row]:
        return [row for row in self.rows if row.changed]

    @property
    def is_identical(self) -> bool:
        return not self.changes


def compute_segments(before: str, after: str) -> list[Segment]:
    """The shortest change from one text to the other, word by word.

    Joining the equal and removed segments gives `before`, joining the equal and added ones gives `after`.
    """
    alphabet: dict[str, str] = {}
    left, right = _encode(before, alphabet), _encode(after, alphabet)
    words = {letter: word for word, letter in alphabet.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = _SECONDS
    return [
        Segment(_OPS[op], "".join(words[letter] for letter in letters))
        for op, letters in engine.diff_main(left, right, False)
        if letters
    ]


def compare_texts(before: str, after: str) -> Comparison:
    """Both texts as rows of paragraphs that stand side by side."""
    builder = _RowBuilder()
    for segment in compute_segments(before, after):
        builder.take(segment)
    return Comparison(builder.finish())


def around_changes(rows: list[Row], *, context: int = 1) -> list[Row | Folded]:
    """The changed rows with `context` rows around each; the unchanged ones between them folded."""
    kept = {
        near
        for index, row in enumerate(rows)
        if row.changed
        for near in range(index - context, index + context + 1)
    }
    shown: list[Row | Folded] = []
    left_out = 0
    for index, row in enumerate(rows):
        if index not in kept:
            left_out += 1
            continue
        if left_out:
            shown.append(Folded(left_out))
            left_out = 0
        shown.append(row)
    return [*shown, Folded(left_out)] if left_out else shown


def _encode(text: str, alphabet: dict[str, str]) -> str:
    """One character for each distinct token, so that a character comparison compares words."""
    return "".join(_letter(token, alphabet) for token in _TOKEN.findall(text))


def _letter(token: str, alphabet: dict[str, str]) -> str:
    if token not in alphabet:
        point = len(alphabet) + 1
        alphabet[token] = chr(point if point < _SURROGATES_START else point + _SURROGATES)
    return alphabet[token]


@dataclass
class _RowBuilder:
    """Closes a row at each end of paragraph that both texts have."""

    rows: list[Row] = field(default_factory=list)
    before: list[list[Segment]] = field(default_factory=lambda: [[]])
    after: list[list[Segment]] = field(default_factory=lambda: [[]])

    def take(self, segment: Segment) -> None:
        for index, line in enumerate(segment.text.split("\n")):
            if index:
                self._end_paragraph(segment.op)
            if line:
                self._add(Segment(segment.op, line))

    def finish(self) -> list[Row]:
        if any(self.before) or any(self.after) or len(self.before) != len(self.after):
            self._close()
        return self.rows

    def _add(self, segment: Segment) -> None:
        if segment.op != "added":
            self.before[-1].append(segment)
        if segment.op != "removed":
            self.after[-1].append(segment)

    def _end_paragraph(self, op: Op) -> None:
        if op == "equal":
            self._close()
        elif op == "removed":
            self.before.append([])
        else:
            self.after.append([])

    def _close(self) -> None:
        self.rows.append(Row(before=self.before, after=self.after))
        self.before, self.after = [[]], [[]]


def whole_text(segments: Iterable[Segment], side: Literal["removed", "added"]) -> str:
    """One of the two texts, put together again from the segments."""
    return "".join(s.text for s in segments if s.op in ("equal", side))

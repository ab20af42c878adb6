"""What is said where an answer is missing."""

import pytest

from smki_pma.ui.error_words import missing_words


@pytest.mark.parametrize(
    ("kind", "label", "words"),
    [
        ("text", "Name", "Enter name"),
        ("text", "What has happened", "Enter what has happened"),
        ("text", "EUI-64", "Enter EUI-64"),
        ("text", "May 2027, one by one", "Enter May 2027, one by one"),
        ("radios", "Certificate Policy", "Select Certificate Policy"),
        ("file", "CSV file", "Choose a file: CSV file"),
        ("text", "Why is it revoked?", "Answer the question: Why is it revoked?"),
    ],
)
def test_a_name_keeps_its_capital(kind: str, label: str, words: str) -> None:
    assert missing_words(kind, label) == words

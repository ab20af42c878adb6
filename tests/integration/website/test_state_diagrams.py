"""docs/states/ says what the program does."""

from django.conf import settings

from smki_pma.website.state_diagrams import drawings


def test_the_drawings_are_fresh() -> None:
    folder = settings.BASE_DIR / "docs" / "states"

    kept = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}

    assert kept == drawings(), "Run manage.py draw_states and commit docs/states."


def test_every_transition_stands_in_the_drawing_of_its_life_cycle() -> None:
    from smki_pma.website.state_diagrams import draw, life_cycles

    for cycle in life_cycles():
        text = draw(cycle)
        for move in cycle.transitions:
            assert f"| {move.action} |" in text and move.clause in text

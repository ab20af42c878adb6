"""The registry of clauses knows what may be cited, and nothing else."""

import pytest

from smki_pma.clauses import NotEntitled, RuleViolation, UnknownClause, all_clauses, clause, parent_of


@pytest.mark.parametrize(
    "id", ["L1.13", "L1.12(a)", "L1.17(d)(ii)", "L2.13(a)", "L9.9(b)(i)", "M8.4(e)", "C6.9", "L10.6(c)"]
)
def test_known_citations(id: str) -> None:
    assert clause(id).id == id


@pytest.mark.parametrize("id", ["L1.20", "L1.12(d)", "L11.1", "M8.4(h)", "", "l1.13", "L9.9(b)(iii)"])
def test_unknown_citation_is_refused(id: str) -> None:
    with pytest.raises(UnknownClause, match="no clause"):
        clause(id)


def test_sub_paragraph_belongs_to_its_clause() -> None:
    assert parent_of("L1.12(c)") == "L1.12"
    assert parent_of("L1.17(d)(i)") == "L1.17(d)"
    assert clause("L1.12(c)").holder == clause("L1.12").holder


def test_every_section_of_section_l_is_there() -> None:
    sections = {entry.id.split(".")[0] for entry in all_clauses()}

    assert sections == {f"L{n}" for n in range(1, 11)}
    assert len([entry for entry in all_clauses() if entry.id.startswith("L2.")]) == 16


def test_refusals_carry_their_clause() -> None:
    violation = RuleViolation("Four members must be present.", clause="L1.13", field="vote")
    hidden = NotEntitled("There is nothing here.", clause="L9.12", hidden=True)

    assert str(violation) == "Four members must be present. (L1.13)"
    assert violation.field == "vote"
    assert hidden.hidden and hidden.clause.id == "L9.12"


def test_a_refusal_cannot_cite_what_does_not_exist() -> None:
    with pytest.raises(UnknownClause):
        RuleViolation("No.", clause="L99.1")

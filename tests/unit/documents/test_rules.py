"""What may be lodged for whom, as a table."""

import pytest

from repository.documents.kinds import GROUNDS, Capacity, DocumentKind, Purpose
from repository.documents.rules import check_lodging, check_title
from smki_pma.clauses import RuleViolation, clause


@pytest.mark.clause("L5.3")
@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("capacity", list(Capacity))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_lodges_what_for_what(kind, capacity, purpose):
    right_purpose = (purpose is Purpose.PMA_FUNCTIONS) == (capacity is Capacity.PMA)
    right_kind = capacity is Capacity.DCC or kind is not DocumentKind.CHOSEN_BY_DCC
    if right_purpose and right_kind:
        check_lodging(kind=kind, capacity=capacity, purpose=purpose)
    else:
        with pytest.raises(RuleViolation) as refused:
            check_lodging(kind=kind, capacity=capacity, purpose=purpose)
        assert refused.value.clause.id.startswith("L5.")


@pytest.mark.clause("L5.1")
def test_every_kind_has_its_paragraph_and_no_cps_is_a_kind():
    assert {clause(ground).id for ground in GROUNDS.values()} == {f"L5.1({letter})" for letter in "efghilm"}
    assert not [
        kind for kind in DocumentKind if "practice" in kind.label.lower() or "cps" in kind.label.lower()
    ]


@pytest.mark.clause("L5.1")
@pytest.mark.parametrize(("title", "taken"), [("", False), ("   ", False), ("Taken", True)])
def test_a_document_of_an_open_kind_has_its_own_title(title, taken):
    with pytest.raises(RuleViolation):
        check_title(kind=DocumentKind.CHOSEN_BY_DCC, title=title, taken=taken)

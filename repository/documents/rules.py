"""What may be lodged, by whom and for what. Plain functions over plain data."""

from repository.documents.kinds import PURPOSES, Capacity, DocumentKind, Purpose
from smki_pma.clauses import RuleViolation


def check_lodging(*, kind: DocumentKind, capacity: Capacity, purpose: Purpose) -> None:
    """DCC lodges any document, the PMA any but those left to DCC, each for its own purposes. L5.3"""
    if capacity is Capacity.PMA and kind is DocumentKind.CHOSEN_BY_DCC:
        raise RuleViolation(
            "Only DCC lodges documents that DCC considers appropriate. "
            "Choose a document that the SMKI PMA specifies.",
            clause="L5.1(m)",
            field="kind",
        )
    if purpose not in PURPOSES[capacity]:
        allowed = " or ".join(choice.label.lower() for choice in PURPOSES[capacity])
        raise RuleViolation(
            f"{capacity.label[0].upper()}{capacity.label[1:]} lodges only for this purpose: {allowed}.",
            clause="L5.3(a)" if capacity is Capacity.DCC else "L5.3(b)",
            field="purpose",
        )


def check_title(*, kind: DocumentKind, title: str, taken: bool) -> None:
    """A document of an open kind has a title of its own. L5.1(l)-(m)"""
    if not title.strip():
        raise RuleViolation("Enter the title of the document.", clause="L5.1", field="title")
    if taken:
        raise RuleViolation(
            f"A {kind.label.lower()} of this title is lodged already. Lodge a new version of it instead.",
            clause="L5.1",
            field="title",
        )

"""The seven offices of the SMKI PMA (L1.3). There is no eighth, so this is a constant and not a table."""

from dataclasses import dataclass
from enum import StrEnum

from smki_pma.clauses import Clause, clause


class SeatKind(StrEnum):
    """Three kinds of seat that differ in term, holdover and removal."""

    CHAIR = "chair"
    ELECTED = "elected"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Seat:
    """One office as an SMKI PMA Member. key: the Office row's key. order: as in L1.3."""

    key: str
    title: str
    kind: SeatKind
    clause: Clause
    appointed_by: str


CHAIR_SEAT = "chair"
SEATS: tuple[Seat, ...] = (
    Seat(CHAIR_SEAT, "SMKI PMA Chair", SeatKind.CHAIR, clause("L1.3(a)"), "the Panel"),
    Seat(
        "large-supplier-1",
        "Large Supplier Member (first seat)",
        SeatKind.ELECTED,
        clause("L1.3(b)"),
        "Large Supplier Parties",
    ),
    Seat(
        "large-supplier-2",
        "Large Supplier Member (second seat)",
        SeatKind.ELECTED,
        clause("L1.3(b)"),
        "Large Supplier Parties",
    ),
    Seat(
        "small-supplier",
        "Small Supplier Member",
        SeatKind.ELECTED,
        clause("L1.3(b)"),
        "Small Supplier Parties",
    ),
    Seat(
        "network",
        "Network Member",
        SeatKind.ELECTED,
        clause("L1.3(c)"),
        "Electricity and Gas Network Parties",
    ),
    Seat(
        "security-representative",
        "Security Sub-Committee Representative",
        SeatKind.REPRESENTATIVE,
        clause("L1.3(d)"),
        "the Security Sub-Committee",
    ),
    Seat(
        "technical-representative",
        "Technical Sub-Committee Representative",
        SeatKind.REPRESENTATIVE,
        clause("L1.3(d)"),
        "the Technical Sub-Committee",
    ),
)
BY_KEY = {seat.key: seat for seat in SEATS}

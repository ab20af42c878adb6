"""What must never be false of offices, held by the database."""

from smki_pma.ledger.guards import no_overlap
from smki_pma.parties.models import Holding

# L1.3: a seat, or any other single post, has one holder at a time.
no_overlap(
    Holding,
    name="parties_one_holder",
    same=["office_id"],
    start="starts_at",
    end="ends_at",
    where="is_single",
)
# L1.10, C6.9: beside the holder of a seat one replacement at most waits for its Member Confirmation.
no_overlap(
    Holding,
    name="parties_one_waiting",
    same=["office_id"],
    start="starts_at",
    end="ends_at",
    where="is_seat AND NOT is_single",
)
# L1.4: no one person holds more than one office as an SMKI PMA Member at the same time.
no_overlap(
    Holding, name="parties_one_seat", same=["person_id"], start="starts_at", end="ends_at", where="is_seat"
)
# L1.12: a member has one Alternate at a time.
no_overlap(
    Holding,
    name="parties_one_alternate",
    same=["for_holding_id"],
    start="starts_at",
    end="ends_at",
    where="for_holding_id IS NOT NULL",
)

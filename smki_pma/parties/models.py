"""People, organisations, Parties, and who holds which office when."""

from smki_pma.parties.locks import WrongPassword
from smki_pma.parties.offices import Holding, Office, SeatKind
from smki_pma.parties.organisations import Organisation, Party, PartyCategory, VotingGroup
from smki_pma.parties.people import Person

__all__ = [
    "Holding",
    "Office",
    "Organisation",
    "Party",
    "PartyCategory",
    "Person",
    "SeatKind",
    "VotingGroup",
    "WrongPassword",
]

"""What the links between the pages of Requests need."""

from typing import Any

from smki_pma.parties.roles import Role


def sections(request: Any) -> dict[str, bool]:
    """Which of them whoever asks is offered, on every page that includes requests/_sections.html."""
    return {
        "may_check": Role.DCC_RA_OFFICER in request.roles,
        "may_operate": Role.DCC_CA_OPERATOR in request.roles,
        "is_officer": Role.PARTY_OFFICER in request.roles,
    }

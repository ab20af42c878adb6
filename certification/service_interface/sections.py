"""What the links between the pages of the room need."""

from typing import Any

from smki_pma.parties.roles import Role

READERS = (Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)


def sections(request: Any) -> dict[str, bool]:
    """Which of them whoever asks may open; maintenance and the technical annex are everybody's."""
    roles: frozenset[Role] = getattr(request, "roles", frozenset())
    return {
        "may_see_credentials": any(role in roles for role in READERS),
        "may_grant": Role.DCC_RA_OFFICER in roles,
    }

"""Who appoints to which role, as a table."""

import pytest

from smki_pma.clauses import NotEntitled, Refusal, RuleViolation
from smki_pma.parties.roles import Role
from smki_pma.parties.rules import APPOINTMENTS, check_may_record, check_party_of_office

SEATS = {Role.PMA_CHAIR, Role.PMA_MEMBER, Role.ALTERNATE}
ALLOWED = {
    Role.SMKI_SPECIALIST: {Role.SECRETARIAT, Role.PANEL_OFFICER},
    Role.SECRETARIAT: {Role.PANEL_OFFICER},
    Role.CODE_ADMINISTRATOR: {Role.PANEL_OFFICER},
    Role.PANEL_OFFICER: {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR},
    Role.DCC_DOCUMENT_OWNER: {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.DCC_DOCUMENT_OWNER},
    Role.DCC_RA_OFFICER: {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.DCC_DOCUMENT_OWNER},
    Role.DCC_CA_OPERATOR: {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.DCC_DOCUMENT_OWNER},
    Role.PARTY_OFFICER: {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, Role.PARTY_OFFICER},
    Role.ASSURANCE_PROVIDER: {Role.SECRETARIAT},
    Role.AUDITOR: {Role.PANEL_OFFICER},
}


@pytest.mark.parametrize("by", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_recorded_by_its_own_recorders(role: Role, by: Role) -> None:
    if by in ALLOWED.get(role, set()):
        assert check_may_record(role, by_role=by) is APPOINTMENTS[role]
    else:
        with pytest.raises(Refusal):
            check_may_record(role, by_role=by)


@pytest.mark.clause("L1.3")
@pytest.mark.parametrize("seat", sorted(SEATS))
def test_seats_are_not_appointed_here_even_by_the_owner(seat: Role) -> None:
    with pytest.raises(RuleViolation):
        check_may_record(seat, by_role="owner")


def test_the_auditor_appoints_nobody() -> None:
    for role in APPOINTMENTS:
        with pytest.raises(NotEntitled):
            check_may_record(role, by_role=Role.AUDITOR)


@pytest.mark.parametrize(
    ("role", "has_party", "is_dcc", "allowed"),
    [
        (Role.PARTY_OFFICER, True, False, True),
        (Role.PARTY_OFFICER, True, True, True),
        (Role.PARTY_OFFICER, False, False, False),
        (Role.DCC_RA_OFFICER, True, True, True),
        (Role.DCC_RA_OFFICER, False, False, True),
        (Role.DCC_RA_OFFICER, True, False, False),
        (Role.SECRETARIAT, False, False, True),
    ],
)
def test_the_party_of_an_office(role: Role, has_party: bool, is_dcc: bool, allowed: bool) -> None:
    if allowed:
        check_party_of_office(role, has_party=has_party, is_dcc=is_dcc)
    else:
        with pytest.raises(RuleViolation):
            check_party_of_office(role, has_party=has_party, is_dcc=is_dcc)

"""The roles in which people act, each in words that an assessor can check.

A role is held through an office (see models.Office and models.Holding); nobody has a role otherwise.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles. The values appear in the ledger and do not change."""

    PMA_CHAIR = "pma_chair"
    PMA_MEMBER = "pma_member"
    ALTERNATE = "alternate"
    SMKI_SPECIALIST = "smki_specialist"
    SECRETARIAT = "secretariat"
    CODE_ADMINISTRATOR = "code_administrator"
    PANEL_OFFICER = "panel_officer"
    DCC_DOCUMENT_OWNER = "dcc_document_owner"
    DCC_RA_OFFICER = "dcc_ra_officer"
    DCC_CA_OPERATOR = "dcc_ca_operator"
    PARTY_OFFICER = "party_officer"
    ASSURANCE_PROVIDER = "assurance_provider"
    AUDITOR = "auditor"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is never wanted of a role
        """The role's name for people."""
        return ROLES[self].title


@dataclass(frozen=True, slots=True)
class Description:
    """title: the role's name. does: what its holder may do here. clause: where the role comes from."""

    title: str
    does: str
    clause: str


ROLES: dict[Role, Description] = {
    Role.PMA_CHAIR: Description(
        "SMKI PMA Chair", "presides at meetings, opens and closes votes, has one vote", "L1.5"
    ),
    Role.PMA_MEMBER: Description("SMKI PMA Member", "reads papers, votes, appoints an Alternate", "L1.3"),
    Role.ALTERNATE: Description(
        "Alternate",
        "acts for one member: by that member's apologies, or while present in that member's place",
        "L1.12",
    ),
    Role.SMKI_SPECIALIST: Description(
        "SMKI Specialist", "is invited to every meeting and speaks; acts as the Chair's Alternate", "L1.14(a)"
    ),
    Role.SECRETARIAT: Description(
        "Secretariat", "convenes meetings, keeps attendance and minutes, records appointments", "L1.10"
    ),
    Role.CODE_ADMINISTRATOR: Description(
        "Code Administrator", "lodges and reads for the Panel or for the PMA, monitors modifications", "L1.18"
    ),
    Role.PANEL_OFFICER: Description("Panel officer", "records what the Panel decides", "L1.1"),
    Role.DCC_DOCUMENT_OWNER: Description(
        "DCC document owner", "submits drafts and amendments, lodges documents", "L9.7"
    ),
    Role.DCC_RA_OFFICER: Description(
        "DCC Registration Authority officer", "verifies subscribers and Organisation requests", "L3.3"
    ),
    Role.DCC_CA_OPERATOR: Description(
        "DCC Certification Authority operator", "approves key ceremonies, watches the engine", "L3.5"
    ),
    Role.PARTY_OFFICER: Description(
        "Party officer", "requests Certificates and reads the Repository for a Party", "L3.4"
    ),
    Role.ASSURANCE_PROVIDER: Description(
        "Independent SMKI Assurance Service Provider", "assesses compliance; reads what it is granted", "L2.3"
    ),
    Role.AUDITOR: Description(
        "Auditor",
        "reads what the appointing Panel or PMA may read, the CPSs excepted; writes nothing",
        "L1.17(h)",
    ),
}

PMA_MEMBERS = frozenset({Role.PMA_CHAIR, Role.PMA_MEMBER})
# An Alternate reads for the PMA only while acting for a seat: ask `pma_readers` of the meetings' room.
PMA_READERS = PMA_MEMBERS | {Role.ALTERNATE, Role.SECRETARIAT}
DCC_STAFF = frozenset({Role.DCC_DOCUMENT_OWNER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR})

"""The offices that exist: the seven seats of L1.3 and the posts around them."""

from typing import NamedTuple

from smki_pma.parties.roles import Role


class OfficeRow(NamedTuple):
    key: str
    role: Role
    title: str
    seat_kind: str = ""
    constituency: str = ""
    single: bool = False


OFFICES = (
    OfficeRow("chair", Role.PMA_CHAIR, "SMKI PMA Chair", "chair", "", True),
    OfficeRow(
        "large-supplier-1",
        Role.PMA_MEMBER,
        "Large Supplier Member (first seat)",
        "elected",
        "large_supplier",
        True,
    ),
    OfficeRow(
        "large-supplier-2",
        Role.PMA_MEMBER,
        "Large Supplier Member (second seat)",
        "elected",
        "large_supplier",
        True,
    ),
    OfficeRow("small-supplier", Role.PMA_MEMBER, "Small Supplier Member", "elected", "small_supplier", True),
    OfficeRow("network", Role.PMA_MEMBER, "Network Member", "elected", "network", True),
    OfficeRow(
        "security-representative",
        Role.PMA_MEMBER,
        "Security Sub-Committee Representative",
        "representative",
        "ssc",
        True,
    ),
    OfficeRow(
        "technical-representative",
        Role.PMA_MEMBER,
        "Technical Sub-Committee Representative",
        "representative",
        "tsc",
        True,
    ),
    OfficeRow("alternate", Role.ALTERNATE, "Alternate"),
    OfficeRow("smki-specialist", Role.SMKI_SPECIALIST, "SMKI Specialist", single=True),
    OfficeRow("secretariat", Role.SECRETARIAT, "Secretariat"),
    OfficeRow("code-administrator", Role.CODE_ADMINISTRATOR, "Code Administrator"),
    OfficeRow("panel-officer", Role.PANEL_OFFICER, "Panel officer"),
    OfficeRow("dcc-document-owner", Role.DCC_DOCUMENT_OWNER, "DCC document owner"),
    OfficeRow("dcc-ra-officer", Role.DCC_RA_OFFICER, "DCC Registration Authority officer"),
    OfficeRow("dcc-ca-operator", Role.DCC_CA_OPERATOR, "DCC Certification Authority operator"),
    OfficeRow("party-officer", Role.PARTY_OFFICER, "Party officer"),
    OfficeRow("assurance-provider", Role.ASSURANCE_PROVIDER, "Independent SMKI Assurance Service Provider"),
    OfficeRow("auditor", Role.AUDITOR, "Auditor"),
)


def put_offices() -> None:
    """Put the offices in place; a repeat changes nothing (L1.3)."""
    from smki_pma.ledger.gate import writing_reference_rows
    from smki_pma.parties.models import Office

    present = set(Office.objects.values_list("key", flat=True))
    with writing_reference_rows():
        for position, row in enumerate(OFFICES):
            if row.key not in present:
                Office(needs_confirmation=bool(row.seat_kind), position=position, **row._asdict()).save()

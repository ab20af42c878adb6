"""The kinds of document that the Repository holds, as L5.1(e)-(m) lists them. CPSs are none of them."""

from django.db import models


class DocumentKind(models.TextChoices):
    """What a lodged document is. Certificates, the CRL and the ARL are lodged in their own room."""

    DEVICE_CP = "device_cp", "Device Certificate Policy"
    ORGANISATION_CP = "organisation_cp", "Organisation Certificate Policy"
    RAPP = "rapp", "Registration Authority Policies and Procedures (RAPP)"
    RECOVERY_PROCEDURE = "recovery_procedure", "SMKI Recovery Procedure"
    COMPLIANCE_POLICY = "compliance_policy", "SMKI Compliance Policy"
    SPECIFIED_BY_PMA = "specified_by_pma", "Other document specified by the SMKI PMA"
    CHOSEN_BY_DCC = "chosen_by_dcc", "Other document that DCC considers appropriate"


# One document of each of these kinds exists, with all of its versions.
ONE_OF_A_KIND: dict[DocumentKind, str] = {
    DocumentKind.DEVICE_CP: "L5.1(e)",
    DocumentKind.ORGANISATION_CP: "L5.1(f)",
    DocumentKind.RAPP: "L5.1(g)",
    DocumentKind.RECOVERY_PROCEDURE: "L5.1(h)",
    DocumentKind.COMPLIANCE_POLICY: "L5.1(i)",
}
GROUNDS: dict[DocumentKind, str] = ONE_OF_A_KIND | {
    DocumentKind.SPECIFIED_BY_PMA: "L5.1(l)",
    DocumentKind.CHOSEN_BY_DCC: "L5.1(m)",
}
# The PMA owes the lodging of these three, and of nothing else. L5.7
OWED_BY_THE_PMA = (
    DocumentKind.DEVICE_CP,
    DocumentKind.ORGANISATION_CP,
    DocumentKind.COMPLIANCE_POLICY,
)


class Capacity(models.TextChoices):
    """For whom a document is lodged. L5.3"""

    DCC = "dcc", "DCC"
    PMA = "pma", "the SMKI PMA"


class Purpose(models.TextChoices):
    """Why a document is lodged, in the words of L5.3."""

    SERVICES = "services", "Providing the SMKI Services"
    REQUIREMENT = "requirement", "Complying with another requirement of the Code"
    PMA_FUNCTIONS = "pma_functions", "Fulfilling the SMKI PMA's functions under the Code"


PURPOSES: dict[Capacity, tuple[Purpose, ...]] = {
    Capacity.DCC: (Purpose.SERVICES, Purpose.REQUIREMENT),
    Capacity.PMA: (Purpose.PMA_FUNCTIONS,),
}

"""What can be suspended, on which grounds: pure rules over plain data.

Section L gives DCC no suspension of its own: the SMKI PMA instructs one (L2.14), the Panel does as a
consequence of an Event of Default (M8.4(f)), or a provision of a Certificate Policy or of the RAPP asks for it.
"""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import TextChoices

from smki_pma.clauses import RuleViolation, clause

EMERGENCY = clause("L2.14").id
DEFAULT = clause("M8.4(f)").id
SERVING = clause("L3.4").id


class Service(TextChoices):
    """What can be suspended apart."""

    ISSUE_DEVICE = "issue_device", "Issuing Device Certificates"
    ISSUE_ORGANISATION = "issue_organisation", "Issuing Organisation Certificates"
    BATCH = "batch", "Batches"
    REVOKE = "revoke", "Revocation"
    LISTS = "lists", "CRL and ARL"


# Revocation, CRL and ARL go on unless the instruction names them.
ISSUING = (Service.ISSUE_DEVICE, Service.ISSUE_ORGANISATION, Service.BATCH)
# A batch is a way to be issued Device Certificates, so either stops it.
STOPPED_BY: dict[Service, frozenset[Service]] = {
    service: frozenset({service}) for service in Service if service is not Service.BATCH
} | {Service.BATCH: frozenset({Service.BATCH, Service.ISSUE_DEVICE})}


class Ground(StrEnum):
    """On whose word services are suspended."""

    PMA_INSTRUCTION = "pma_instruction"
    PANEL_INSTRUCTION = "panel_instruction"
    CERTIFICATE_POLICY = "certificate_policy"
    RAPP = "rapp"


GROUND_TITLES = {
    Ground.PMA_INSTRUCTION: "The SMKI PMA has instructed it (L2.14)",
    Ground.PANEL_INSTRUCTION: "The Panel has instructed it (M8.4(f))",
    Ground.CERTIFICATE_POLICY: "The Certificate Policy requires it",
    Ground.RAPP: "The RAPP requires it",
}
CLAUSES = {
    Ground.PMA_INSTRUCTION: EMERGENCY,
    Ground.PANEL_INSTRUCTION: DEFAULT,
    Ground.CERTIFICATE_POLICY: SERVING,
    Ground.RAPP: SERVING,
}


def name_services(services: Collection[str]) -> str:
    """Services in words, in the order of the list."""
    return ", ".join(service.label for service in Service if service in services)


def explain_ground(ground: str, provision: str) -> str:
    """On whose word, as the subscriber is told."""
    if ground == Ground.PMA_INSTRUCTION:
        return "The SMKI PMA has instructed DCC to suspend this service."
    if ground == Ground.PANEL_INSTRUCTION:
        return "The Panel has instructed DCC to suspend this service to your Party."
    source = "the Certificate Policy" if ground == Ground.CERTIFICATE_POLICY else "the RAPP"
    return f"DCC has suspended this service to your Party under {source} ({provision})."


def check_instruction(
    *, services: Collection[str], ground: Ground, provision: str, instruction: str, party: bool, of_dcc: bool
) -> None:
    """A suspension says what it suspends, for whom, and rests on a named ground. L2.14, M8.4(f)

    party: whether it is of one Party. of_dcc: whether that Party is DCC.
    """
    if not services or not set(services) <= set(Service.values):
        raise RuleViolation("Say which services are suspended.", clause=CLAUSES[ground], field="services")
    if not instruction.strip():
        raise RuleViolation(
            "Enter the instruction: who gave it, when, and its reference.",
            clause=CLAUSES[ground],
            field="instruction",
        )
    _check_scope(services, ground=ground, party=party, of_dcc=of_dcc)
    if ground in (Ground.CERTIFICATE_POLICY, Ground.RAPP) and not provision.strip():
        raise RuleViolation(
            "Name the provision that requires the suspension: DCC has no ground of its own.",
            clause=SERVING,
            field="provision",
        )


def _check_scope(services: Collection[str], *, ground: Ground, party: bool, of_dcc: bool) -> None:
    if ground is not Ground.PMA_INSTRUCTION and not party:
        raise RuleViolation(
            "Only the SMKI PMA suspends a service to everybody. Choose the subscriber.",
            clause=CLAUSES[ground],
            field="party",
        )
    if ground is Ground.PANEL_INSTRUCTION and of_dcc:
        raise RuleViolation("M8.4(f) is never applied to DCC.", clause="L2.6", field="party")
    if party and Service.LISTS in services:
        raise RuleViolation(
            "The CRL and the ARL are for everybody: they cannot be suspended for one subscriber.",
            clause=CLAUSES[ground],
            field="services",
        )

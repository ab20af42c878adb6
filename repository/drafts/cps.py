"""The two Certification Practice Statements.

What L9.7 to L9.12 say of the Device CPS, L9.13 to L9.18 say of the Organisation CPS in the same words.
"""

from django.db import models

from smki_pma.clauses import clause

_APART = 6


class Cps(models.TextChoices):
    """Which CPS. Its existence is no secret; all that it says is."""

    DEVICE = "device", "Device CPS"
    ORGANISATION = "organisation", "Organisation CPS"

    def cited(self, device_clause: str) -> str:
        """The clause of this CPS for the one that the Device CPS has: "L9.9(b)" gives "L9.15(b)" here."""
        number, _, rest = device_clause.removeprefix("L9.").partition("(")
        if self is Cps.DEVICE:
            return clause(device_clause).id
        return clause(f"L9.{int(number) + _APART}" + (f"({rest}" if rest else "")).id

    @property
    def policy(self) -> str:
        return "Device Certificate Policy" if self is Cps.DEVICE else "Organisation Certificate Policy"

    @property
    def motion_prefix(self) -> str:
        """How the keys of its motions begin."""
        return "cps" if self is Cps.DEVICE else "organisation_cps"

"""The hourly look at the calendar."""

from typing import Any

from smki_pma.duties.recurring import open_what_falls_due
from smki_pma.jobs import every


@every("1h", name="duties.recurring")
def open_recurring_duties() -> dict[str, Any]:
    return {"opened": open_what_falls_due()}

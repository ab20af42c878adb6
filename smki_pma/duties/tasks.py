"""The hourly look at the calendar."""

from typing import Any

from smki_pma.duties.recurring import close_what_is_done, open_what_falls_due
from smki_pma.jobs import every


@every("1h", name="duties.recurring")
def open_recurring_duties() -> dict[str, Any]:
    return {"opened": open_what_falls_due(), "closed": close_what_is_done()}

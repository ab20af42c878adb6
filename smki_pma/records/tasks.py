"""What the worker does for documents."""

from typing import Any
from uuid import UUID

from smki_pma.jobs import job_handler
from smki_pma.records.making import make_record


@job_handler("records.make", atomic=False)
def make(payload: dict[str, Any]) -> dict[str, Any]:
    """Make one document; repeated after a crash, it is made once in effect."""
    return {"sha256": make_record(UUID(payload["record"])).sha256}

"""Background work of the CPS room."""

from typing import Any

from repository.drafts.services.keeping import check_files
from smki_pma.jobs import every


@every("1d", name="drafts.check_files", atomic=False)
def check_stored_files() -> dict[str, Any] | None:
    """Find damage before a reader does."""
    return dict(check_files())

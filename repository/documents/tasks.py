"""Background work of the documents room."""

from typing import Any
from uuid import UUID

from repository.documents.damage import check_files
from repository.documents.signing import sign_version
from smki_pma.jobs import every, job_handler
from smki_pma.ledger.actors import Actor


@job_handler("documents.sign_manifest")
def sign_manifest(payload: dict[str, Any]) -> dict[str, Any] | None:
    """Sign the manifest of one lodged version."""
    version = sign_version(version_id=UUID(payload["version_id"]), by=Actor.clock())
    return {"key": version.manifest_key}


@every("1d", name="documents.check_files", atomic=False)
def check_stored_files() -> dict[str, Any] | None:
    """Find damage before a reader does."""
    return dict(check_files())

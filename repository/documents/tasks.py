"""Background work of the documents room."""

from typing import Any
from uuid import UUID

from repository.documents.damage import check_files
from repository.documents.manifests import SIGN
from repository.documents.signing import ask_again, call_operators, sign_version
from smki_pma.jobs import every, job_handler
from smki_pma.ledger.actors import Actor


def give_up(payload: dict[str, Any], error: str) -> None:
    """Every attempt has failed: an operator is asked to find out why."""
    call_operators(version_id=UUID(payload["version_id"]), error=error, by=Actor.clock())


@job_handler(SIGN, on_failure=give_up)
def sign_manifest(payload: dict[str, Any]) -> dict[str, Any] | None:
    """Sign the manifest of one lodged version."""
    version = sign_version(version_id=UUID(payload["version_id"]), by=Actor.clock())
    return {"key": version.manifest_key}


@every("1h", name="documents.sign_again")
def sign_again() -> dict[str, Any]:
    """Try again what an operator was asked to mend."""
    return {"asked": ask_again()}


@every("1d", name="documents.check_files", atomic=False)
def check_stored_files() -> dict[str, Any] | None:
    """Find damage before a reader does."""
    return dict(check_files())

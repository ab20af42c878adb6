"""What the worker does with its key: sign the manifest of a lodged version, once."""

from uuid import UUID

from repository.documents.manifest_keys import private_key
from repository.documents.manifests import key_id, sign_manifest
from repository.documents.models import Version
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority


@service
def sign_version(*, version_id: UUID, by: Actor) -> Version:
    """Sign a version's manifest with the worker's key; a repeat changes nothing. L5.2"""
    authority.require(by, "clock", clause="L5.2")
    version = Version.objects.select_for_update().get(pk=version_id)
    if version.manifest_signature is not None:
        return unchanged(version)
    key = private_key()
    version.manifest_signature = sign_manifest(version.manifest, key)
    version.manifest_key = key_id(key.public_key())
    version.save(update_fields=["manifest_signature", "manifest_key"])
    facts = {
        "sha256": version.sha256,
        "key": version.manifest_key,
        "signature": version.manifest_signature.hex(),
    }
    record("document.manifest_signed", clause="L5.2", by=by, subject=version, facts=facts, audience="cps")
    return version

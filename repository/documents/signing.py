"""What the worker does with its key: sign the manifest of a lodged version, once; and what where it cannot."""

from uuid import UUID

from django.urls import reverse

from repository.documents.manifest_keys import private_key
from repository.documents.manifests import SIGN, key_id, sign_manifest
from repository.documents.models import Version
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

UNSIGNED = "documents.manifest_not_signed"


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
    discharge_duties(kind=UNSIGNED, subject=version)
    facts = {
        "sha256": version.sha256,
        "key": version.manifest_key,
        "signature": version.manifest_signature.hex(),
    }
    record("document.manifest_signed", clause="L5.2", by=by, subject=version, facts=facts, audience="cps")
    return version


@service
def call_operators(*, version_id: UUID, error: str, by: Actor) -> Version:
    """A manifest could not be signed: DCC's operators owe the cure, and the worker tries again each hour. L5.2"""
    authority.require(by, "clock", clause="L5.2")
    version = Version.objects.select_related("document").get(pk=version_id)
    if version.manifest_signature is not None or Duty.objects.open().about(UNSIGNED, version).exists():
        return unchanged(version)
    open_duty(
        kind=UNSIGNED,
        clause="L5.2",
        title=f"Find out why the manifest of a Repository document is not signed ({version.sha256[:12]})",
        role=Role.DCC_CA_OPERATOR,
        subject=version,
        url=f"{reverse('website:list_jobs')}?state=failed",
    )
    facts = {"sha256": version.sha256, "error": error}
    record("document.manifest_not_signed", clause="L5.2", by=by, subject=version, facts=facts, audience="dcc")
    return version


def ask_again() -> int:
    """Queue once more what operators were called for; how much that is."""
    waiting = Duty.objects.open().filter(kind=UNSIGNED).values_list("subject_id", flat=True)
    stamp = clock.now().isoformat()
    for version_id in waiting:
        jobs.enqueue(SIGN, {"version_id": version_id}, key=f"{SIGN}:{version_id}:{stamp}")
    return len(waiting)

"""That a Certificate is in the certificate log, and all that was issued for one EUI-64, provable.

One file for an EUI-64: {format, origin, eui64, vkeys, checkpoint, certificates: [{index, der, proof}]}, which the
stand-alone verifier checks. That nothing else was issued for it, only the whole log shows: one JSON object on
each line, a header {format, origin, size, vkeys, checkpoint}, then {der} in the order of the leaves.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass

from repository.certificates.models import Certificate
from smki_pma.ledger import checkpoints, keys, store, tree
from smki_pma.ledger.logs import CERTIFICATES
from smki_pma.ledger.models import Checkpoint
from smki_pma.ledger.proofs import NotProvable, leaf_proof
from smki_pma.ledger.verifier import CERTIFICATE_LOG_FORMAT, CERTIFICATE_PROOFS_FORMAT

NOT_YET = "The next checkpoint covers it. Try again later."
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Issued:
    """Every Certificate of an EUI-64, oldest first, and the checkpoint against which they are proved, if any."""

    eui64: str
    certificates: list[Certificate]
    checkpoint: Checkpoint | None

    @property
    def provable(self) -> list[Certificate]:
        """Those that the checkpoint covers."""
        size = self.checkpoint.size if self.checkpoint else 0
        return [certificate for certificate in self.certificates if certificate.id <= size]


def issued_for(eui64: str) -> Issued:
    """What was issued for an EUI-64 of 16 upper-case digits."""
    found = Certificate.objects.filter(eui64=eui64).order_by("id")
    return Issued(eui64, list(found), checkpoints.latest(CERTIFICATES))


def certificate_proof(certificate: Certificate) -> str:
    """A C2SP tlog-proof of one Certificate, with its DER as extra data. Raises NotProvable."""
    checkpoint = checkpoints.latest(CERTIFICATES, covering=certificate.id)
    if checkpoint is None:
        raise NotProvable(
            f"number: Certificate {certificate.id} is not yet covered by a checkpoint. {NOT_YET}"
        )
    return leaf_proof(CERTIFICATES, certificate.id - 1, bytes(certificate.der), checkpoint)


def proofs_of(issued: Issued) -> str:
    """The file for an EUI-64. Raises NotProvable where nothing is signed yet."""
    if issued.checkpoint is None:
        raise NotProvable(f"checkpoint: none has been signed yet. {NOT_YET}")
    certificates = issued.provable
    indexes = [certificate.id - 1 for certificate in certificates]
    paths = tree.inclusion_proofs(indexes, issued.checkpoint.size, store.reader_by_level(CERTIFICATES))
    content = {
        "format": CERTIFICATE_PROOFS_FORMAT,
        "origin": CERTIFICATES.origin,
        "eui64": issued.eui64,
        "vkeys": keys.published_vkeys(CERTIFICATES),
        "checkpoint": issued.checkpoint.note,
        "certificates": [
            {
                "index": certificate.id - 1,
                "der": _base64(bytes(certificate.der)),
                "proof": [_base64(hash) for hash in path],
            }
            for certificate, path in zip(certificates, paths, strict=True)
        ],
    }
    return json.dumps(content, indent=1) + "\n"


def whole_log() -> Iterator[str]:
    """The lines of the whole log as far as it is signed. Raises NotProvable."""
    checkpoint = checkpoints.latest(CERTIFICATES)
    if checkpoint is None:
        raise NotProvable(f"checkpoint: none has been signed yet. {NOT_YET}")
    return _lines(checkpoint)


def _lines(checkpoint: Checkpoint) -> Iterator[str]:
    header = {
        "format": CERTIFICATE_LOG_FORMAT,
        "origin": CERTIFICATES.origin,
        "size": checkpoint.size,
        "vkeys": keys.published_vkeys(CERTIFICATES),
        "checkpoint": checkpoint.note,
    }
    yield json.dumps(header) + "\n"
    for start in range(0, checkpoint.size, CHUNK):
        end = min(start + CHUNK, checkpoint.size)
        rows = Certificate.objects.filter(id__gt=start, id__lte=end).order_by("id")
        for der in rows.values_list("der", flat=True):
            yield json.dumps({"der": _base64(bytes(der))}) + "\n"


def leaf_bundle(number: int, width: int) -> bytes:
    """The Certificates under one tile of level 0, each after its length as two octets. Raises NotProvable."""
    start = number * 256
    rows = Certificate.objects.filter(id__gt=start, id__lte=start + width).order_by("id")
    leaves = [bytes(der) for der in rows.values_list("der", flat=True)]
    if len(leaves) < width:
        raise NotProvable(f"tile: there is no bundle {number} of width {width}.")
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

"""Workers that issue, killed again and again. A program of its own, so that it can fork them from one warm process.

python -m tests.concurrency.batch_killing FOLDER KILLS: an installation is made (SMKI_TEST_DATABASE says on which
database), batches and single requests are handed in, workers are forked and killed at random moments until that
many have died; then they may finish. Prints as JSON what the database and the workers' own notes say.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

WORKERS = 2
REQUESTS_IN_A_CHUNK = 4
REQUESTS = 120  # in each batch
SINGLES = 15  # beside each batch
LONGEST_LIFE = 0.25  # seconds; a chunk of four takes some hundredths


def main(folder: Path, kills: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    them = _installation(folder)
    signed = folder / "signed"
    _make_small(signed)
    _prepare()
    moments = random.Random(20261122)
    dead: Counter[str] = Counter()
    running: dict[int, int] = {}
    batches = 0
    while dead.total() < kills:
        if not _in_hand():
            batches += 1
            _hand_in(them, batches)
        connections.close_all()
        for place in set(range(WORKERS)) - set(running.values()):
            running[_fork(place)] = place
        time.sleep(moments.uniform(0, LONGEST_LIFE))
        victim = moments.choice(list(running))
        os.kill(victim, signal.SIGKILL)
        _, status = os.waitpid(victim, 0)
        if os.WIFSIGNALED(status):
            dead[_what_it_left(running[victim])] += 1
        del running[victim]
        _forget_ended(running)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    connections.close_all()
    _finish()
    return _findings(signed) | {"kills": dead.total(), "died_over": dict(dead), "batches": batches}


def _installation(folder: Path) -> Any:
    from django.conf import settings

    from tests.samples.certification import certification, make_authorities, use_keys_in

    use_keys_in(settings, folder / "keys")
    them = certification()
    make_authorities(them.operator, them.second_operator)
    return them


def _make_small(signed: Path) -> None:
    """Small chunks; a killed job is due again at once, however often; every signature is noted before it is used."""
    from certification.authorities.keys.software import SoftwareKeys
    from certification.batches import checking
    from smki_pma.jobs import execution, queue

    checking.CHUNK = REQUESTS_IN_A_CHUNK
    checking._CHUNKS_AT_ONCE = 3
    queue.BACKOFF = [timedelta(0)]
    execution._allowed_attempts = lambda job: 1_000_000
    signer = SoftwareKeys.signer

    def noting(self: SoftwareKeys, reference: str) -> Any:
        sign = signer(self, reference)

        def sign_and_note(tbs: bytes) -> bytes:
            signature = sign(tbs)
            with signed.open("ab", buffering=0) as notes:
                notes.write(hashlib.sha256(tbs).hexdigest().encode() + b"\n")
            return signature

        return sign_and_note

    SoftwareKeys.signer = noting  # type: ignore[method-assign]


def _prepare() -> None:
    """Load what a worker loads, once for all forks."""
    from certification.linting import twin
    from tests.samples.authority_keys import Hierarchy

    twin.warm()
    with suppress(Exception):  # whatever it finds: the linter is loaded then
        twin.check_twin(b"", profile=None, environment=None, issuer=Hierarchy())  # type: ignore[arg-type]


def _hand_in(them: Any, number: int) -> None:
    from tests.samples.batches import hand_in_files
    from tests.samples.signing_requests import device

    files = {
        f"{place}.csr": device((number << 32 | place).to_bytes(8)).make() if place % 10 else b"no request"
        for place in range(REQUESTS)
    }
    hand_in_files(them, files)
    for place in range(SINGLES):
        them.submit(device((number << 32 | 1 << 20 | place).to_bytes(8)).make())


def _fork(place: int) -> int:
    if pid := os.fork():
        return pid
    try:
        work(f"killed/{place}")
    finally:
        os._exit(0)


def work(name: str) -> None:
    """What the workers of the urgent lane and of batches do, without the broker."""
    from smki_pma.jobs import Lane, execution

    execution.recover_at_start(name)
    while execution.drain(Lane.URGENT, worker=name) or execution.drain_batches(worker=name) or _in_hand():
        time.sleep(0.01)


def _in_hand() -> bool:
    from certification.batches.models import Batch
    from certification.requests.models import CertificateRequest

    batches = Batch.objects.exclude(state="completed")
    return batches.exists() or CertificateRequest.objects.exclude(state="issued").exists()


def _what_it_left(place: int) -> str:
    """The kind of job that it died over and, of a chunk, the chunk's state; "nothing" between two jobs."""
    from certification.batches.models import BatchChunk
    from smki_pma.jobs.models import Job

    job = Job.objects.filter(state="running", worker=f"killed/{place}").first()
    if job is None:
        return "nothing"
    if "number" not in job.payload:
        return str(job.kind)
    chunk = BatchChunk.objects.get(batch__uid=job.payload["batch"], number=job.payload["number"])
    return f"{job.kind} {chunk.state}"


def _forget_ended(running: dict[int, int]) -> None:
    for pid in list(running):
        if os.waitpid(pid, os.WNOHANG)[0]:
            del running[pid]


def _finish() -> None:
    """Everything that the dead left, by workers that live."""
    from smki_pma.jobs import execution

    for place in range(WORKERS):
        execution.recover_at_start(f"killed/{place}")
    work("survivor")


def _findings(signed: Path) -> dict[str, Any]:
    from django.db.models import Count, Sum

    from certification.authorities.encoding import to_be_signed
    from certification.authorities.models import Intent
    from certification.batches.models import Batch, BatchChunk, BatchItem
    from certification.engine import intents
    from certification.requests.models import CertificateRequest, DeviceCount, UsedPublicKey
    from repository.certificates.models import Certificate
    from smki_pma.ledger import integrity, store
    from smki_pma.ledger.logs import CERTIFICATES
    from smki_pma.ledger.models import EntryText

    issued = Certificate.objects.filter(kind="device")
    stored = {to_be_signed(bytes(der)) for der in issued.values_list("der", flat=True).iterator()}
    committed = [tbs for chunk in BatchChunk.objects.iterator() for tbs in intents.unpack(chunk.intents).tbs]
    committed += [bytes(intent.tbs) for intent in Intent.objects.filter(kind="device")]
    notes = set(signed.read_text().split())
    said = Batch.objects.aggregate(asked=Sum("count"), issued=Sum("issued"), refused=Sum("refused"))
    answered = BatchItem.objects.filter(certificate__isnull=False)
    entries = EntryText.objects.filter(event="batch.chunk_issued").count()
    return {
        "asked": said["asked"],
        "told_issued": said["issued"],
        "told_refused": said["refused"],
        "answers": BatchItem.objects.count(),
        "singles": CertificateRequest.objects.count(),
        "singles_with_certificate": CertificateRequest.objects.aggregate(
            n=Count("certificate", distinct=True)
        )["n"],
        "single_entries": EntryText.objects.filter(event="request.issued").count(),
        "certificates": issued.count(),
        "requests_served": issued.aggregate(n=Count("reference", distinct=True))["n"],
        "answers_with_certificate": answered.aggregate(n=Count("certificate_id", distinct=True))["n"],
        "committed_and_stored": set(committed) == stored and len(committed) == len(stored),
        "signed_but_not_stored": len(notes - {hashlib.sha256(tbs).hexdigest() for tbs in stored}),
        "keys": UsedPublicKey.objects.count(),
        "places": DeviceCount.objects.aggregate(n=Sum("certificates"))["n"],
        "chunks": BatchChunk.objects.count(),
        "chunk_entries": entries,
        "in_the_log": store.size_of(CERTIFICATES),
        "in_the_repository": Certificate.objects.count(),
        "faults": [str(fault) for fault in integrity.faults()],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))) + "\n")

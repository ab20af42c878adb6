"""The engine in one process on a database of its own: python -m tests.bench._one_process COUNT SETTING...

The environment says which database (as tests do). Prints seconds for each stage of one batch as JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.servers import processes


def seconds(count: int, database_url: str) -> dict[str, float]:
    """What a batch of so many takes in one process; "" is SQLite. The chunks after the first are counted."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
        environment = processes.plain_environment() | {
            "DJANGO_SETTINGS_MODULE": "smki_pma.settings.test",
            "SMKI_TEST_DIR": folder,
            "SMKI_TEST_DURABLE": "yes",
            "SMKI_TEST_DATABASE": "postgresql" if database_url else "sqlite",
            "SMKI_TEST_DATABASE_URL": database_url,
            "SMKI_CA_PASSPHRASE": "a passphrase of the bench only",
        }
        command = [sys.executable, "-m", "tests.bench._one_process", str(count), folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return answer


def main(count: int, folder: Path) -> dict[str, float]:
    from tests.bench import _requests

    os.environ.update(_requests.SETTINGS)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from certification.batches import checking, chunks, issuers, tasks
    from certification.batches.models import Batch, BatchChunk
    from smki_pma.ledger.actors import Actor
    from tests.samples.batches import hand_in
    from tests.samples.certification import certification, make_authorities, use_keys_in

    use_keys_in(settings, folder / "keys")
    them = certification()
    make_authorities(them.operator, them.second_operator)
    batch = hand_in(them, _requests.batch(count))
    began = time.perf_counter()
    checking.check_and_unpack(batch.uid)
    unpacked = time.perf_counter()
    numbers = list(BatchChunk.objects.filter(batch=batch).order_by("number").values_list("number", "count"))
    issuers.warm()
    chunks.issue(batch.uid, numbers[0][0], by=Actor.clock())
    warm = time.perf_counter()
    for number, _ in numbers[1:]:
        chunks.issue(batch.uid, number, by=Actor.clock())
    issued = time.perf_counter()
    tasks.finish({"batch": str(batch.uid)})
    if Batch.objects.get(pk=batch.pk).issued != count:
        raise RuntimeError("not everything was issued")
    return {
        "unpack": unpacked - began,
        "issue": issued - warm,
        "issued": sum(size for _, size in numbers[1:]),
        "finish": time.perf_counter() - issued,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), Path(sys.argv[2]))) + "\n")

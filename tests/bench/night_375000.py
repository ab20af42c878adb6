"""Whether a Certificate costs more when millions are stored: one chunk after another, empty and at ten million.

The night of 375,000 is so many chunks; here some are issued on an empty Repository, then the Repository, the
certificate log, the reserved keys and the places at devices are filled by the server itself, and as many are
issued again. The ratio is the cost at that size to the cost at none, in the same run; both are also counted in
CPU time of our process, which other work on the machine does not change.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.servers import postgresql, processes

STORED = int(os.environ.get("NIGHT_STORED", "10000000"))
ISSUED = int(os.environ.get("NIGHT_ISSUED", "20000"))
AT_ONCE = 500_000

# Rows as those of real Certificates are: of the same length, serials in the order of time, keys at random.
CERTIFICATES = """
INSERT INTO certificates_certificate ({columns})
SELECT {values} FROM certificates_certificate c, generate_series(%(first)s::bigint, %(last)s::bigint) n
WHERE c.id = %(like)s
"""
GIVEN = {
    "id": "n",
    "serial": "'53' || lpad(to_hex(1700000000 + n / 500), 8, '0') || upper(substr(md5(n::text), 1, 22))",
    "eui64": "upper(lpad(to_hex(n), 16, '0'))",
    "key_id": "upper(substr(md5('k' || n), 1, 16))",
    "public_key_sha256": "md5('a' || n) || md5('b' || n)",
    "sha256": "md5('c' || n) || md5('d' || n)",
    "reference": "'batch:00000000-0000-0000-0000-000000000000:' || n",
}
NODES = """
INSERT INTO ledger_node (log, level, index, hash)
SELECT 'certificates', %(level)s, n, sha256(int8send(n)) FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
ON CONFLICT DO NOTHING
"""
KEYS = """
INSERT INTO requests_usedpublickey (digest)
SELECT sha256(int8send(n)) FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
DEVICES = """
INSERT INTO requests_devicecount (eui64, environment, certificates)
SELECT int8send(n), 'live', 1 FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
        environment = processes.plain_environment() | {
            "DJANGO_SETTINGS_MODULE": "smki_pma.settings.test",
            "SMKI_TEST_DIR": folder,
            "SMKI_TEST_DATABASE": "postgresql",
            "SMKI_TEST_DATABASE_URL": postgresql.start(durable=True),
            "SMKI_CA_PASSPHRASE": "a passphrase of the bench only",
        }
        command = [sys.executable, "-m", "tests.bench.night_375000", folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    empty, full = json.loads(done.stdout.splitlines()[-1])
    for name, what in (("seconds", "by the clock"), ("cpu", "in CPU time of our process")):
        yield {
            "bench": f"night_375000, one Certificate with {STORED:,} stored, {what}",
            "value": round(full[name] / ISSUED * 1e6, 1),
            "unit": "µs",
            "ratio": round(full[name] / empty[name], 2),
        }


def main(folder: Path) -> list[dict[str, float]]:
    from tests.bench import _requests

    os.environ.update(_requests.SETTINGS)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tests.samples.certification import certification, make_authorities, use_keys_in

    call_command("migrate", verbosity=0)
    use_keys_in(settings, folder / "keys")
    them = certification()
    make_authorities(them.operator, them.second_operator)
    _issue(them, 1_000)  # everything is loaded and connected
    empty = _issue(them, ISSUED)
    _fill()
    _issue(them, 1_000)
    return [empty, _issue(them, ISSUED)]


def _issue(them: Any, count: int) -> dict[str, float]:
    """Hand in and unpack a batch, and measure its chunks."""
    from certification.batches import checking, chunks
    from certification.batches.models import BatchChunk
    from smki_pma.ledger.actors import Actor
    from tests.bench import _requests
    from tests.samples.batches import hand_in

    batch = hand_in(them, _requests.batch(count))
    checking.check_and_unpack(batch.uid)
    numbers = list(BatchChunk.objects.filter(batch=batch).values_list("number", flat=True))
    began, cpu = time.perf_counter(), time.process_time()
    for number in numbers:
        chunks.issue(batch.uid, number, by=Actor.clock())
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


def _fill() -> None:
    """So many more of everything that grows with a Certificate, by statements of the server's own."""
    from django.db import connection

    from repository.certificates.models import Certificate

    columns = [field.column for field in Certificate._meta.concrete_fields]
    values = [GIVEN.get(name, f"c.{name}") for name in columns]
    text = CERTIFICATES.format(columns=", ".join(columns), values=", ".join(values))
    like = Certificate.objects.filter(kind="device").order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        for first in range(like + 1, like + STORED + 1, AT_ONCE):
            span = {"first": first, "last": min(first + AT_ONCE - 1, like + STORED), "like": like}
            for statement in (text, KEYS, DEVICES):
                cursor.execute(statement, span)
        level, size = 0, like + STORED
        while size >> level:
            cursor.execute(NODES, {"level": level, "first": 0, "last": (size >> level) - 1})
            level += 1
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))) + "\n")

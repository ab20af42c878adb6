"""How fast the ledger grows, and how fast an outsider verifies it.

Each figure of growth is taken by processes of their own, as in production, on a database that survives a
power cut (SQLite synchronous=FULL, PostgreSQL with its own defaults).
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ENTRIES_TO_VERIFY = 1_000_000
SECONDS = 10
WRITERS = (1, 4)


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    yield from appends("sqlite")
    yield from appends("postgresql")
    yield verification()


def appends(database: str) -> Iterator[dict[str, Any]]:
    """Services a second that write a row and its entry, with one writer and with four."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
        environment = _environment(database, Path(folder))
        _python(environment, "manage.py", "migrate", "--verbosity", "0", "--skip-checks")
        one = None
        for writers in WRITERS:
            rate = _rate(environment, writers)
            one = one or rate
            yield {
                "bench": f"ledger appends, {database}, {writers} writer{'s' if writers > 1 else ''}",
                "value": round(rate, 1),
                "unit": "entries/s",
                "ratio": round(rate / one, 2),
            }


def _environment(database: str, folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SMKI_")}
    environment |= {
        "SMKI_TEST_DIR": str(folder),
        "SMKI_TEST_DURABLE": "yes",
        "DJANGO_SETTINGS_MODULE": "smki_pma.settings.test",
        "SMKI_TEST_DATABASE": database,
    }
    if database == "postgresql":
        from tests.servers import postgresql

        environment["SMKI_TEST_DATABASE_URL"] = postgresql.start(durable=True)
    return environment


def _python(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], env=environment, check=True)


def _rate(environment: dict[str, str], writers: int) -> float:
    command = [sys.executable, "-m", "tests.bench.ledger", str(SECONDS)]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(writers)
    ]
    return sum(int(process.communicate()[0]) for process in running) / SECONDS


def write_for(seconds: float) -> int:
    """Append as fast as one process can; the number of entries."""
    import django

    django.setup()
    from smki_pma.ledger.actors import Actor
    from smki_pma.ledger.gate import record, service
    from smki_pma.parties.models import Organisation

    @service
    def found(*, name: str) -> None:
        organisation = Organisation(name=name)
        organisation.save()
        record(
            "organisation.founded",
            clause="L1.1",
            by=Actor.clock(),
            subject=organisation,
            facts={"name": name},
            audience="pma",
        )

    found(name=f"{os.getpid()} first")  # connections and caches are not what is measured
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        found(name=f"{os.getpid()} {count}")
        count += 1
    return count


def verification() -> dict[str, Any]:
    """Entries a second that the stand-alone verifier checks, texts and a checkpoint included.

    The ratio is against hashing the same leaves and texts and nothing else, in the same run.
    """
    from smki_pma.ledger import verifier

    lines, vkey = _ledger_of(ENTRIES_TO_VERIFY)
    start = time.perf_counter()
    verifier.check_export(lines, [vkey])
    taken = time.perf_counter() - start
    return {
        "bench": "ledger verification, one million entries",
        "value": round(ENTRIES_TO_VERIFY / taken),
        "unit": "entries/s",
        "ratio": round(_hashing_alone(lines) / taken, 3),
    }


def _hashing_alone(lines: list[str]) -> float:
    import hashlib

    start = time.perf_counter()
    for line in lines:
        hashlib.sha256(line.encode())
        hashlib.sha256(b"x" * 65)
    return time.perf_counter() - start


def _ledger_of(count: int) -> tuple[list[str], str]:
    import hashlib

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from smki_pma.ledger import verifier
    from smki_pma.ledger.notes import sign, verifier_key

    name, key, tree, lines = "bench.example/ledger", Ed25519PrivateKey.generate(), verifier.Tree(), [""]
    for number in range(count):
        salt, text = number.to_bytes(32, "big"), f'{{"event":"a.b","facts":{{"number":{number}}}}}'
        commitment = hashlib.sha256(salt + text.encode()).hexdigest()
        leaf = f'{{"commitment":"{commitment}","number":{number},"recorded_at":"2026-11-22T14:15:00.000000Z","v":1}}'
        hash = verifier.leaf_hash(leaf.encode())
        tree.append(hash)
        lines.append(json.dumps({"leaf": leaf, "hash": hash.hex(), "text": text, "salt": salt.hex()}))
    vkey = verifier_key(name, key.public_key().public_bytes_raw())
    note = sign(f"{name}\n{count}\n{base64.b64encode(tree.root()).decode()}\n", name, key)
    lines.append(json.dumps({"checkpoint": note}))
    header = {"format": verifier.EXPORT_FORMAT, "origin": name, "size": count, "root": tree.root().hex()}
    lines[0] = json.dumps(header | {"vkeys": [vkey]})
    return lines, vkey


if __name__ == "__main__":
    sys.stdout.write(f"{write_for(float(sys.argv[1]))}\n")

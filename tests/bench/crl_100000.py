"""How long a CRL of 100,000 revoked Certificates takes: read, built, linted, checked, signed and verified.

The limit in the same run: the same entries, already in memory, put together and signed, and nothing checked.
Durable databases, as in production; the list before this one is there and is compared with it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REVOKED = 100_000
ROUNDS = 5


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    from tests.bench.ledger import _environment, _python

    for database in ("postgresql", "sqlite"):
        with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
            environment = _environment(database, Path(folder)) | {
                "SMKI_CA_PASSPHRASE": "a passphrase of the bench only",
                "SMKI_PROCESS": "worker",
            }
            _python(environment, "manage.py", "migrate", "--verbosity", "0", "--skip-checks")
            command = [sys.executable, "-m", "tests.bench.crl_100000", folder]
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
            taken, limit = (float(figure) for figure in done.stdout.split())
        name = "crl_100000" if database == "postgresql" else "crl_100000_sqlite"
        yield {"bench": name, "value": round(taken, 3), "unit": "s", "ratio": round(limit / taken, 2)}


def run(folder: Path) -> tuple[float, float]:
    """Seconds for one list as the worker makes it, and for its entries alone; the middle of some rounds."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction

    from certification.authorities import crl, lists
    from certification.authorities.builder import assemble
    from certification.authorities.keys import key_backend
    from certification.authorities.models import Authority
    from smki_pma.calendar import clock
    from smki_pma.ledger.actors import Actor
    from smki_pma.ledger.gate import record, service

    @service
    def issue(*, by: Actor) -> None:
        made = lists.issue_list(authority, by=by, at=clock.now())
        record(
            "crl.issued",
            clause="L3.5",
            by=by,
            subject=authority,
            facts={"entries": made.count},
            audience="dcc",
        )

    settings.SMKI_CA_KEY_DIR = folder / "keys"
    _prepare()
    authority = Authority.objects.get(kind="issuing_oca")
    issue(by=Actor.clock())

    def once() -> tuple[float, float]:
        with transaction.atomic():
            before = time.perf_counter()
            row = lists.locked(authority)
            row.last_list_number += 1
            contents = lists.contents_of(row, at=clock.now())
            lists.make_document(row, contents)
            made = time.perf_counter()
        tbs = crl.build_list_tbs(contents)
        assemble(tbs, key_backend().sign(row.key_reference, tbs), issuer_point=bytes(row.point))
        return made - before, time.perf_counter() - made

    rounds = [once() for _ in range(ROUNDS)]
    taken, limit = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    return taken, limit


def _prepare() -> None:
    """The Authorities, and a table of revocations as if each had been entered by an officer."""
    from certification.authorities.crl import RevokedEntry
    from certification.authorities.models import Authority
    from certification.revocations.models import Revocation
    from repository.certificates.models import Certificate
    from smki_pma.calendar import clock
    from smki_pma.ledger.gate import writing_for_tests
    from tests.samples.certification import certification, make_authorities

    made = certification()
    make_authorities(made.operator, made.second_operator)
    authority, at = Authority.objects.get(kind="issuing_oca"), clock.now()
    pattern = Certificate.objects.get(serial=authority.serial)
    first = Certificate.objects.order_by("-id").values_list("id", flat=True)[0] + 1
    serials = [b"\x53" + os.urandom(15) for _ in range(REVOKED)]
    with writing_for_tests():
        Certificate.objects.bulk_create(
            (_like(pattern, first + n, serial.hex().upper()) for n, serial in enumerate(serials)),
            batch_size=2_000,
        )
        Revocation.objects.bulk_create(
            (
                Revocation(
                    certificate_id=first + n,
                    issuer=authority,
                    position=n + 1,
                    serial=serial.hex().upper(),
                    revoked_at=at,
                    reason="compromise",
                    entry=RevokedEntry(serial, at, 1).encoded(),
                )
                for n, serial in enumerate(serials)
            ),
            batch_size=2_000,
        )


def _like(pattern: Any, pk: int, serial: str) -> Any:
    values = {f.name: getattr(pattern, f.name) for f in pattern._meta.concrete_fields}
    return type(pattern)(**values | {"id": pk, "serial": serial, "kind": "organisation"})


if __name__ == "__main__":
    sys.stdout.write("{} {}\n".format(*run(Path(sys.argv[1]))))

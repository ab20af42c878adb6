"""How long a program waits for one Device Certificate over the SMKI Service Interface, 50 requests a second
(SINGLE_CSR_RATE for another number).

Web, workers and scheduler run as their units start them, on PostgreSQL with its own durability and Redis. The
requests come over the socket of the TLS front, as nginx sends them (a connection each, deploy/nginx.conf), at the
times of a schedule whether earlier ones are answered or not, each with a new key; what is measured runs from the
scheduled moment to the Certificate in hand. The ratio
is to the median of /livez in the same run, the floor of what any answer costs.
"""

import asyncio
import http.client
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bench import _requests
from tests.servers import postgresql, processes, redis

RATE = int(os.environ.get("SINGLE_CSR_RATE", "50"))
WARM_UP_SECONDS = 6
SECONDS = int(os.environ.get("SINGLE_CSR_SECONDS", "20"))
BATCH = int(os.environ.get("SINGLE_CSR_BATCH", "50000"))
PASSPHRASE = "a passphrase of the bench only"
ISSUED, BEING_ISSUED = 201, 202  # the latter after two seconds, which then show in the figures

# Run by manage.py shell as the worker: Authorities, a subscriber, its credential; prints the certificate.
PREPARE = """
from smki_pma.ledger.actors import Actor
from tests.samples.certification import certification, make_authorities
from tests.samples.interface import issued_credential
from certification.service_interface import certificates
them = certification()
make_authorities(them.operator, them.second_operator)
print(certificates.pem(bytes(issued_credential(them).certificate)))
"""


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench: alone, and while a batch of 50,000 is being issued."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as name, _running(Path(name)) as front:
        floor = statistics.median(front.livez() for _ in range(200))
        asyncio.run(_stream(front, WARM_UP_SECONDS))
        yield from _lines(f"single_csr, {RATE} a second, alone", asyncio.run(_stream(front, SECONDS)), floor)
        if not BATCH:
            return
        batch = front.send_batch(BATCH)
        waits = asyncio.run(_stream(front, SECONDS, lambda: not front.is_completed(batch)))
        yield from _lines(f"single_csr, {RATE} a second, while a batch of {BATCH:,} runs", waits, floor)


def _lines(name: str, waits: list[float], floor: float) -> Iterator[dict[str, Any]]:
    hundredths = statistics.quantiles(waits, n=100)
    for measured, value in (("p50", hundredths[49]), ("p99", hundredths[98])):
        yield {
            "bench": f"{name}, {measured} of {len(waits)}",
            "value": round(value * 1000, 1),
            "unit": "ms",
            "ratio": round(value / floor, 1),
        }


class Front:
    """What the TLS front does: requests over its socket, with the headers that it sets."""

    def __init__(self, path: Path, certificate: str) -> None:
        self.path = path
        self.headers = {
            "Host": "smki-pma.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "X-SSL-Client-Verify": "SUCCESS",
            "X-SSL-Client-Cert": quote(certificate),
        }

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("smki-pma.example")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.path))
        more = {"Content-Type": content_type} if content_type else {}
        connection.request(method, path, body or None, self.headers | more)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def livez(self) -> float:
        began = time.perf_counter()
        self.ask("GET", "/livez")
        return time.perf_counter() - began

    def send_batch(self, count: int) -> str:
        """Hand in a batch; where it is read. It is being issued when this returns."""
        status, text = self.ask("POST", "/api/v1/batches", _requests.batch(count), "application/zip")
        if status != 202:
            raise RuntimeError(f"the batch was answered {status}: {text[:500]!r}")
        address = f"/api/v1/batches/{json.loads(text)['id']}"
        deadline = time.monotonic() + 120
        while json.loads(self.ask("GET", address)[1])["state"] not in ("processing", "completed"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the batch is not being issued: {self.ask('GET', address)[1]!r}")
            time.sleep(0.2)
        return address

    def is_completed(self, address: str) -> bool:
        return bool(json.loads(self.ask("GET", address)[1])["state"] == "completed")


async def _stream(front: Front, seconds: float, goes_on: Callable[[], bool] | None = None) -> list[float]:
    """Seconds of each answer, at RATE, for so long or as long as goes_on says, looked at once a second."""
    bodies = [_requests.single() for _ in range(int(seconds * RATE))]
    head = "".join(f"{name}: {value}\r\n" for name, value in front.headers.items())
    waits: list[float] = []
    running: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def one(body: bytes, at: float) -> None:
        reader, writer = await asyncio.open_unix_connection(str(front.path))
        lengths = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(f"POST /api/v1/requests HTTP/1.0\r\n{head}{lengths}".encode() + body)
        answer = await reader.read()
        waits.append(loop.time() - at)
        writer.close()
        if int(answer.split(b" ")[1]) not in (ISSUED, BEING_ISSUED):
            raise RuntimeError(f"answered {answer[:500]!r}")

    for number, body in enumerate(bodies):
        at = began + number / RATE
        if (pause := at - loop.time()) > 0:
            await asyncio.sleep(pause)
        if goes_on and number % RATE == 0 and not await asyncio.to_thread(goes_on):
            break
        running.append(asyncio.create_task(one(body, at)))
    await asyncio.gather(*running)
    return waits


@contextmanager
def _running(folder: Path) -> Iterator[Front]:
    front = folder / "front.sock"
    base = processes.production(
        folder,
        database_url=postgresql.start(durable=True),
        redis_url=redis.start(),
        SMKI_FRONT_SOCKET=str(front),
        **_requests.SETTINGS,
    )
    keys = {"SMKI_CA_PASSPHRASE": PASSPHRASE, "SMKI_LEDGER_PASSPHRASE": PASSPHRASE, "SMKI_PROCESS": "worker"}
    processes.manage(base, "migrate", "--verbosity", "0")
    certificate = processes.manage(base | keys, "shell", "--no-imports", "-c", PREPARE)
    web = ["-m", "gunicorn", "smki_pma.wsgi", "--config", "python:smki_pma.deploy.gunicorn"]
    started = [
        processes.Process(
            [*web, "--bind", f"unix:{front}"], base | {"SMKI_PROCESS": "web"}, folder / "web.log"
        ),
        processes.Process(
            ["-m", "smki_pma.scheduler"],
            base | {"SMKI_PROCESS": "scheduler"},
            folder / "scheduler.log",
        ),
    ]
    for lane in ("urgent", "normal", "batch"):
        environment = base | keys | {"SMKI_WORKER_NAME": lane, "SMKI_WORKER_THREADS": "2"}
        started.append(
            processes.Process(["-m", "smki_pma.deploy.worker", lane], environment, folder / f"{lane}.log")
        )
    with processes.killed_at_end(started):
        for each in started:
            each.start()
        yield _ready(Front(front, certificate), folder)


def _ready(front: Front, folder: Path) -> Front:
    try:
        processes.wait_until(front.path.exists, seconds=60, what="the web listens")
    except AssertionError:
        sys.stderr.write("".join(log.read_text() for log in folder.glob("*.log")))
        raise
    # The workers have no address to ask: a request that is issued at once says that they are there.
    processes.wait_until(
        lambda: front.ask("POST", "/api/v1/requests", _requests.single(), "application/json")[0] == ISSUED,
        seconds=60,
        what="a request is issued within two seconds",
    )
    return front

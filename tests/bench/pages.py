"""How long people wait for the pages that they open most, over HTTP from the system as make run starts it.

The ratio is to the same system's /livez in the same run, the floor of what any answer costs.
"""

import http.client
import re
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.clock import SetClock
from tests.servers import site
from tests.servers.site import Site

TIMES = 300
WARM_UP = 20
MEMBER = "Margaret Ashdown"
READER = "Simon Hale"

OPEN_VOTE = """
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, NETWORK, open_vote
print(open_vote(CHAIR, LARGE_1, LARGE_2, SMALL, NETWORK)[1].pk)
"""


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as name:
        folder = Path(name)
        site.prepare(folder)
        with site.running(folder, folder, SetClock(folder / "clock")) as running:
            yield from _pages(running)


def _pages(running: Site) -> Iterator[dict[str, Any]]:
    floor = _waits(Visitor(running.url), "/livez")
    member, reader = Visitor(running.url), Visitor(running.url)
    member.sign_in(MEMBER)
    reader.sign_in(READER)
    vote = running.manage("shell", "--no-imports", "-c", OPEN_VOTE).split()[-1]
    download = reader.open_repository()
    member.send(f"/meetings/votes/{vote}/conflict/", {"interest": "no"})
    pages = {
        "ballot page": (member, f"/meetings/votes/{vote}/ballot/"),
        "repository list": (reader, "/repository/documents/"),
        "repository download": (reader, download),
    }
    for name, (visitor, address) in pages.items():
        waits = _waits(visitor, address)
        for measure, of in MEASURES.items():
            yield {
                "bench": f"{name}, {measure}",
                "value": round(of(waits) * 1000, 1),
                "unit": "ms",
                "ratio": round(of(waits) / of(floor), 1),
            }


MEASURES: dict[str, Callable[[list[float]], float]] = {
    "median": statistics.median,
    "p95": lambda waits: statistics.quantiles(waits, n=20)[-1],
}


def _waits(visitor: "Visitor", address: str) -> list[float]:
    """Seconds of each answer, one after another."""
    for _ in range(WARM_UP):
        visitor.get(address)
    waits = []
    for _ in range(TIMES):
        began = time.perf_counter()
        visitor.get(address)
        waits.append(time.perf_counter() - began)
    return waits


class Visitor:
    """A browser's cookies and one kept connection."""

    def __init__(self, url: str) -> None:
        self.address = urllib.parse.urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.address)
        self.cookies: dict[str, str] = {}

    def get(self, address: str) -> str:
        """The page; RuntimeError where the answer is not 200."""
        status, text, _ = self._ask("GET", address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        return text

    def sign_in(self, name: str) -> None:
        page = self.get("/accounts/login/")
        form = next(f for f in page.split("<form") if "Sign in<span" in f and f" as {name}<" in f)
        self.send(_attribute(form, "action"), {})

    def open_repository(self) -> str:
        """Give a purpose, as everybody must once a day; the address of a document's file."""
        page = self.get("/repository/documents/purpose/")
        key = re.search(r'name="key" value="([^"]+)"', page) or re.search(
            r'value="([^"]+)"[^>]*name="key"', page
        )
        if key is None:
            raise RuntimeError("The purpose page offers nothing to choose.")
        self.send("/repository/documents/purpose/", {"key": key[1], "purpose": "a measurement"})
        found = re.search(r"/repository/documents/versions/[0-9a-f-]+/", self.get("/repository/documents/"))
        if found is None:
            raise RuntimeError("The repository list shows no document.")
        return f"{found[0]}file"

    def send(self, address: str, fields: dict[str, str]) -> None:
        """Post a form; RuntimeError where it is not taken."""
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self.cookies["csrftoken"]})
        status, text, _ = self._ask("POST", address, body)
        if status != 302:
            raise RuntimeError(f"{address} answered {status}: {text[:500]}")

    def _ask(
        self, method: str, address: str, body: str | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{self.address}"
        answer = self._answer(method, address, body, headers)
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, text, answer.headers

    def _answer(
        self, method: str, address: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self.connection.request(method, address, body, headers)
            return self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server ended the idle connection, as it may; a browser asks again too.
            self.connection.close()
            self.connection.request(method, address, body, headers)
            return self.connection.getresponse()


def _attribute(markup: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]+)"', markup)
    if found is None:
        raise RuntimeError(f"no {name} in {markup[:200]}")
    return found[1]

"""The TLS front of a running system, and curl against it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.site import Site


@dataclass(frozen=True)
class Answer:
    """What curl got: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Front:
    """site: the running system. port: where nginx hears."""

    site: Site
    port: int

    @property
    def folder(self) -> Path:
        return self.site.data_dir / "front"

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def curl(
        self, path: str, *options: str, certificate: Path | None = None, key: Path | None = None, to: str = ""
    ) -> Answer:
        """One request with curl; with a client certificate where one is given. to: another address than the front's."""
        identity = ["--cert", str(certificate), "--key", str(key)] if certificate else []
        command = ["curl", "--silent", "--show-error", "--dump-header", "-", "--max-time", "30"]
        done = subprocess.run(
            [
                *command,
                "--cacert",
                str(self.folder / "server.pem"),
                *identity,
                *options,
                (to or self.url) + path,
            ],
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return _read(done.stdout)

    def as_officer(self, path: str, *options: str) -> Answer:
        """A request with the credential of the sample community's officer."""
        return self.curl(
            path, *options, certificate=self.folder / "client.pem", key=self.folder / "client.key"
        )


def _read(output: bytes) -> Answer:
    head, _, body = output.partition(b"\r\n\r\n")
    # 100 Continue comes before the answer.
    while head.split(b" ")[1] == b"100":
        head, _, body = body.partition(b"\r\n\r\n")
    lines = head.decode().splitlines()
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return Answer(int(lines[0].split(" ")[1]), {name.lower(): value for name, value in headers.items()}, body)

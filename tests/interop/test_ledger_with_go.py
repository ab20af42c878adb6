"""Go's own transparency-log library verifies our ledger."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from smki_pma.ledger import checkpoints, keys, verifier
from smki_pma.ledger.logs import LEDGER
from tests.integration.ledger.conftest import data_folder, grow  # noqa: F401 - fixtures

GO_SOURCES = Path("/usr/share/gocode")
PROGRAM = Path(__file__).parent / "tlog" / "verify.go"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        shutil.which("go") is None or not (GO_SOURCES / "src/golang.org/x/mod/sumdb/tlog").exists(),
        reason="Needs Debian's golang-go and golang-golang-x-mod-dev.",
    ),
]


def proof_line(text: str) -> str:
    index, leaf, hashes, _ = verifier.read_proof(text)
    words = [base64.b64encode(data).decode() for data in (leaf, *hashes)]
    return " ".join(["inclusion", str(index), *words])


def test_go_accepts_every_proof_and_refuses_false_ones(
    grow: Callable[..., None],  # noqa: F811
    client: Client,
    tmp_path: Path,
) -> None:
    grow(20)
    (tmp_path / "old").write_text(checkpoints.sign_now(LEDGER).note)
    grow(16)
    (tmp_path / "checkpoint").write_text(checkpoints.sign_now(LEDGER).note)
    (tmp_path / "vkey").write_text(keys.published_vkeys()[-1])
    proofs = [client.get(f"/ledger/entries/{number}/proof").content.decode() for number in range(37)]
    between = json.loads(client.get("/ledger/consistency?from=21&to=37").content)["proof"]
    lines = [*map(proof_line, proofs), " ".join(["consistency", *between])]
    (tmp_path / "proofs").write_text("\n".join(lines))
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GO_SOURCES),
        "GOCACHE": str(tmp_path / "cache"),
        "GOFLAGS": "",
    }
    done = subprocess.run(
        ["go", "run", str(PROGRAM)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["consistent", "accepted 37 refused 37"], done.stdout + done.stderr

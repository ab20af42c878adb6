"""Archives of batches against programs that we did not write: Info-ZIP's zip and unzip, and Java's jar."""

import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certification.batches.container import open_container
from certification.batches.framing import Entry
from certification.batches.result_zip import ResultZip

FILES = {"a.csr": b"first request " * 30, "B-2 (new).CSR": b"second", "c.csr": bytes(range(256))}
WRITERS = {
    "zip": ["zip", "-q", "out.zip", *FILES],
    "zip without compression": ["zip", "-q", "-0", "-X", "out.zip", *FILES],
    "zip to a pipe, with ZIP64": ["sh", "-c", 'zip -q -fz - "$@" > out.zip', "sh", *FILES],
    "jar": ["jar", "--create", "--no-manifest", "--file", "out.zip", *FILES],
}


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


@pytest.mark.clause("L8.2")
@pytest.mark.parametrize("writer", WRITERS)
def test_archives_that_subscribers_make_are_read(writer: str, tmp_path: Path) -> None:
    command = WRITERS[writer]
    if writer == "jar":
        need("jar")
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    subprocess.run(command, cwd=tmp_path, check=True)
    container = open_container((tmp_path / "out.zip").read_bytes(), largest=50_000)
    entries = {entry.name: entry for entry in container.entries(0, len(container))}
    assert entries == {name: Entry(name, content) for name, content in FILES.items()}


@pytest.mark.clause("L8.1(b)")
@pytest.mark.parametrize("count", [1, 300, 70_000])
def test_results_are_read_by_others(count: int, tmp_path: Path) -> None:
    out = io.BytesIO()
    archive = ResultZip(out, made_at=datetime(2026, 6, 1, 12, 30, 4, tzinfo=UTC))
    for number in range(count):
        archive.add(f"device-{number}.crt", b"%d\n" % number)
    archive.close()
    (tmp_path / "results.zip").write_bytes(out.getvalue())
    subprocess.run(["unzip", "-tq", "results.zip"], cwd=tmp_path, check=True, capture_output=True)
    shown = subprocess.run(
        ["unzip", "-p", "results.zip", f"device-{count - 1}.crt"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert shown.stdout == b"%d\n" % (count - 1)
    listed = subprocess.run(
        ["unzip", "-Z", "-T", "results.zip", "device-0.crt"], cwd=tmp_path, check=True, capture_output=True
    )
    assert b"20260601.133004" in listed.stdout and b"-rw-r--r--" in listed.stdout

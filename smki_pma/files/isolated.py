"""Foreign parsers read hostile bytes in a child process with limits on time and memory.

A file that makes a parser loop or swallow memory ends the child, and the person is told so.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 60
_MEMORY = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is, and its text."""

    kind: FileKind
    text: str


def inspect_and_read(data: bytes, *, max_megabytes: int = 50) -> Inspected:
    """Check a file and extract its text; raises RefusedFile with the reason where it cannot be taken."""
    from smki_pma.files.inspect import check_size

    check_size(len(data), max_megabytes=max_megabytes)
    answer = _run_child(data, max_megabytes)
    if "refused" in answer:
        raise RefusedFile(answer["refused"])
    return Inspected(kind=FileKind(answer["kind"]), text=answer["text"])


def child_environment() -> dict[str, str]:
    """What the child is told of ours: how to run, and no secret that a broken parser could give away."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ}


def _run_child(data: bytes, max_megabytes: int) -> dict[str, str]:
    command = [sys.executable, "-m", "smki_pma.files.isolated", str(max_megabytes)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            cwd=_ROOT,
            env=child_environment(),
        )
        answer: dict[str, str] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise RefusedFile(
            "The file could not be read within the limits of time and memory. Simplify it or export it again."
        ) from None
    return answer


def _main() -> None:
    """The child: bytes in, one JSON object out."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from smki_pma.files.inspect import extract_text, inspect_file

    data = sys.stdin.buffer.read()
    try:
        kind = inspect_file(data, max_megabytes=int(sys.argv[1]))
        answer = {"kind": str(kind), "text": extract_text(data, kind)}
    except RefusedFile as refusal:
        answer = {"refused": refusal.message}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main()

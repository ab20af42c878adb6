"""Foreign parsers read hostile bytes in a child process with limits on time and memory.

A file that makes a parser loop or swallow memory ends the child, and the person is told so.
"""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass

from smki_pma.files.kinds import FileKind
from smki_pma.files.refusals import RefusedFile

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


def _run_child(data: bytes, max_megabytes: int) -> dict[str, str]:
    command = [sys.executable, "-m", "smki_pma.files.isolated", str(max_megabytes)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
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

"""Every check that needs no running system: python tests/check.py. Runs all of them, then says which failed."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "import contracts": [BIN / "lint-imports", "--no-cache"],
    "templates": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "system check": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "conventions": [sys.executable, "-m", "pytest", "-q", "tests/test_conventions.py"],
}


def main() -> int:
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        for name, done in zip(CHECKS, side_by_side.map(_run, CHECKS.values()), strict=True):
            print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout, flush=True)
    print(f"{len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _run(command: list[str | Path]) -> "subprocess.CompletedProcess[str]":
    # The test profile: its database is a temporary file, so that a check leaves nothing behind.
    environment = os.environ | {"SMKI_PROFILE": "test"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


if __name__ == "__main__":
    sys.exit(main())

"""Fuzzing for some minutes: python -m tests.fuzz [--seconds N] [target ...], as `make fuzz` does.

Each target runs in a process of its own, guided by coverage (atheris, libFuzzer). What it learns stays in
build/fuzz, so that the next run goes on. An input that breaks something is kept there and named.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "fuzz"
SECONDS = 60
NAMES = ("requests", "signed_requests", "archives", "elements", "documents", "bodies")


def main() -> int:
    given = argparse.ArgumentParser(prog="make fuzz")
    given.add_argument("targets", nargs="*", metavar="target", help=", ".join(NAMES))
    given.add_argument("--seconds", type=int, default=SECONDS, help="for each target")
    options = given.parse_args()
    broken = [name for name in options.targets or NAMES if not run(name, options.seconds)]
    print(f"Broken: {', '.join(broken)}. The inputs are in {FOLDER}." if broken else "Nothing was broken.")
    return 1 if broken else 0


def run(name: str, seconds: int) -> bool:
    """Fuzz one target; says how many inputs were tried. Whether all went well."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(seconds), str(folder)]
    done = subprocess.run(command, env=os.environ | {"SMKI_PROFILE": "test"}, capture_output=True, text=True)
    said = done.stderr.splitlines()
    tried = [line.split()[-1] for line in said if "number_of_executed_units" in line]
    print(
        f"{name:16} {tried[0] if tried else '0':>10} inputs, {'well' if done.returncode == 0 else 'BROKEN'}",
        flush=True,
    )
    if done.returncode:
        print("\n".join(said[-25:]))
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

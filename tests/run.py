"""Runs the suites: python tests/run.py all|quick. The last line counts every test of every suite."""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "build" / "tests"
PROCESSES = max(2, min(8, os.cpu_count() or 2))


@dataclass(frozen=True)
class Suite:
    """Some folders of tests, on one database.

    first: the files that take longest, so that none of them is begun when all else is done. waiting: most of
    their time goes by while other processes start, so these suites run beside the others.
    """

    name: str
    paths: tuple[str, ...]
    first: tuple[str, ...] = ()
    database: str = "sqlite"
    options: tuple[str, ...] = ()
    waiting: bool = False


# Tables straight from the models. The migrations themselves run on PostgreSQL for the systems that concurrency
# tests start, and on SQLite for those that browser tests start.
QUICKLY = ("--no-migrations",)

SUITES = {
    "all": [
        Suite(
            "unit and integration tests on SQLite",
            ("tests/unit", "tests/integration", "tests/test_conventions.py"),
            first=("tests/integration/website/test_access_matrix.py",),
            options=QUICKLY,
        ),
        Suite(
            "integration tests on PostgreSQL",
            ("tests/integration",),
            database="postgresql",
            options=(*QUICKLY, "-m", "not once"),
        ),
        Suite(
            "concurrency tests on PostgreSQL",
            ("tests/concurrency",),
            first=("tests/concurrency/test_kill.py", "tests/concurrency/test_production_start.py"),
            database="postgresql",
            options=QUICKLY,
            waiting=True,
        ),
        Suite(
            "browser and interop tests",
            ("tests/browser", "tests/interop"),
            first=(
                "tests/browser/test_every_page_class.py",
                "tests/browser/test_main_job.py",
                "tests/browser/test_second_factor.py",
                "tests/browser/test_certificates.py",
                "tests/browser/test_cps.py",
                "tests/interop/test_front.py",
            ),
            options=QUICKLY,
            waiting=True,
        ),
    ],
    "quick": [Suite("unit tests", ("tests/unit", "tests/test_conventions.py"), options=("-m", "not slow"))],
}


@dataclass
class Count:
    """How the tests of a suite ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def main() -> int:
    total, broken = Count(), 0
    began = time.monotonic()
    suites = list(enumerate(SUITES[sys.argv[1]]))
    # Those that mostly wait leave the processors to the others, which do their work meanwhile.
    rows = [[pair for pair in suites if pair[1].waiting is waiting] for waiting in (True, False)]
    with ThreadPoolExecutor(len(rows)) as side_by_side:
        for counts in side_by_side.map(_run_in_turn, rows):
            for count, status in counts:
                total += count
                broken += status != 0
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    # A suite that could not be run to its end fails, even where no single test did.
    failed = max(total.failed, broken)
    print(f"\n{total.passed} passed, {failed} failed{skipped} in {time.monotonic() - began:.0f}s")
    return 1 if failed else 0


def _run_in_turn(suites: list[tuple[int, Suite]]) -> list[tuple[Count, int]]:
    """Run them one after another; what each says is printed when it ends, and stands in its log before."""
    done = []
    for number, suite in suites:
        report = REPORTS / f"{number}.xml"
        log = report.with_suffix(".log")
        print(f"{suite.name}: begun, see {log.relative_to(ROOT)}", flush=True)
        done.append(run(suite, report, log))
        print(f"\n== {suite.name}\n{log.read_text()}", flush=True)
    return done


def run(suite: Suite, report: Path, log: Path) -> tuple[Count, int]:
    """Run one suite; how its tests ended, and pytest's own status."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    processes = str(PROCESSES + suite.waiting)
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes]
    command += ["--dist", "loadfile", "--no-loadscope-reorder"]
    command += [
        f"--junitxml={report}",
        *suite.options,
        *(f"--first={path}" for path in suite.first),
        *suite.paths,
    ]
    if not suite.waiting:
        # A browser or a process that was woken goes first, as if the machine were its own.
        command = ["nice", "-n", "5", *command]
    environment = os.environ | {"SMKI_TEST_DATABASE": suite.database}
    # Tests start hundreds of processes; compiled once, the program is not compiled by each of them.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as said:
        status = subprocess.run(command, cwd=ROOT, env=environment, stdout=said, stderr=said).returncode
    return (_count(report) if report.exists() else Count()), status


def _count(report: Path) -> Count:
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    count = Count()
    for one in suites:
        failed = int(one.get("failures", 0)) + int(one.get("errors", 0))
        skipped = int(one.get("skipped", 0))
        count += Count(int(one.get("tests", 0)) - failed - skipped, failed, skipped)
    return count


if __name__ == "__main__":
    sys.exit(main())

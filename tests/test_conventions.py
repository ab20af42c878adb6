"""House rules that a test can hold."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.settings.environment import Environment

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("smki_pma", "certification", "repository", "compliance")
TOP_LEVEL = {
    "manage.py", "requirements.txt", "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md", "LICENSE",
    "docs", "static", "templates", "tests", *ROOMS,
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
# Set by whoever starts the process, or by tests.
INTERNAL_SETTINGS = {"SMKI_PROCESS", "SMKI_CLOCK_FILE"}
# One file by design: whoever checks the ledger copies it alone.
STANDS_ALONE = {"smki_pma/ledger/verifier.py"}


@cache
def tracked() -> list[Path]:
    """The project's files: what git knows and what it would add."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def modules(*folders: str) -> Iterator[Path]:
    for file in tracked():
        relative = file.relative_to(ROOT)
        if file.suffix == ".py" and relative.parts[0] in folders and "migrations" not in relative.parts:
            yield file


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def own_text(file: Path) -> str:
    """The text of a file that we write ourselves; empty for pinned, built and vendored ones."""
    relative = file.relative_to(ROOT)
    if relative.name in {"requirements.txt", "package-lock.json"} or file == Path(__file__):
        return ""
    if relative.parts[:2] == ("static", "built") or "axe" in relative.parts:
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_top_level_holds_what_the_design_names() -> None:
    found = {file.relative_to(ROOT).parts[0] for file in tracked()}
    assert {entry for entry in found if not entry.startswith(".")} <= TOP_LEVEL


def test_files_are_short() -> None:
    lengths = {name(file): len(file.read_text().splitlines()) for file in modules(*ROOMS, "tests")}
    assert {file: n for file, n in lengths.items() if n > LONGEST_FILE and file not in STANDS_ALONE} == {}


def test_functions_are_short() -> None:
    long = [
        f"{name(file)}:{node.lineno} {node.name}"
        for file in modules(*ROOMS, "tests")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_modules_are_named_after_what_they_hold() -> None:
    assert [name(f) for f in modules(*ROOMS, "tests") if f.stem in FORBIDDEN_NAMES] == []
    assert [name(f) for f in modules(*ROOMS) if FORBIDDEN_NAMES & set(f.relative_to(ROOT).parts)] == []


def test_one_clock() -> None:
    """Only the clock asks the machine for the time, so that a test can set it everywhere."""
    asks = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|datetime\.today\(")
    allowed = {"smki_pma/calendar/clock.py"}
    assert [name(f) for f in modules(*ROOMS) if name(f) not in allowed and asks.search(f.read_text())] == []


@pytest.mark.parametrize("module", ["rules.py", "states.py"])
def test_rules_are_pure(module: str) -> None:
    """A rule is a function over plain data: no ORM, no clock, no request."""
    impure = re.compile(
        r"^\s*(?:from|import) (?:django|smki_pma\.calendar import clock|smki_pma\.\w+\.models)", re.M
    )
    assert [name(f) for f in modules(*ROOMS) if f.name == module and impure.search(f.read_text())] == []


def test_services_take_keywords_only() -> None:
    positional = [
        f"{name(file)}:{node.lineno} {node.name}"
        for file in modules(*ROOMS)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and _is_service(node)
        and (node.args.args or node.args.posonlyargs)
    ]
    assert positional == []


def _is_service(node: ast.FunctionDef) -> bool:
    bare = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return any(isinstance(d, ast.Name) and d.id == "service" for d in bare)


def test_no_registry_is_named() -> None:
    """Where packages come from is the business of the machine that installs them."""
    words = [
        "pypi" + r"\.",
        "python" + "hosted",
        "npmjs" + r"\.",
        "index-" + "url",
        "find-" + "links",
        "registry" + "=",
    ]
    hosts = re.compile("|".join(words))
    allowed = {"smki_pma/deploy/pin.sh"}  # it switches those options off
    found = [name(f) for f in tracked() if name(f) not in allowed and hosts.search(_pinned_too(f))]
    assert found == []


def _pinned_too(file: Path) -> str:
    if file.name in {"requirements.txt", "package-lock.json"}:
        return file.read_text(encoding="utf-8")
    return own_text(file)


def test_no_path_of_a_machine_is_named() -> None:
    paths = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt|opt)/\w")
    assert [name(f) for f in tracked() if paths.search(own_text(f))] == []


def test_templates_carry_no_inline_script_or_style() -> None:
    """The Content-Security-Policy refuses them; records for WeasyPrint are documents, not pages."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=", re.I)
    pages = [f for f in tracked() if f.suffix == ".html" and "records" not in f.parts]
    assert [
        name(f) for f in pages if f.relative_to(ROOT).parts[0] == "templates" and inline.search(f.read_text())
    ] == []


def test_every_rule_in_force_is_read_by_code() -> None:
    """A motion that changes a figure which nothing reads would change nothing."""
    named = {
        node.value
        for file in modules(*ROOMS)
        if re.search(r"rules_in_force\.selectors import .*\b(?:figure|rule)\b", file.read_text())
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant)
    }
    assert catalogue().keys() - named == set()


def test_every_setting_is_in_the_readme() -> None:
    """SMKI_S3_… stands for its three."""
    readme = (ROOT / "README.md").read_text()
    settings = {f"SMKI_{field.upper()}" for field in Environment.model_fields}
    told = {s for s in settings if s in readme or (s.startswith("SMKI_S3_") and "SMKI_S3_" in readme)}
    assert settings - told - INTERNAL_SETTINGS == set()


def test_nothing_is_left_undone_in_words() -> None:
    marks = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
    assert [name(f) for f in tracked() if marks.search(own_text(f))] == []

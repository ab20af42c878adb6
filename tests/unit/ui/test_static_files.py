"""What is built and committed: unbranded, without inline parts, and as its manifest says."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUILT = ROOT / "static" / "built"
TEXT = [path for path in BUILT.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEXT, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "word", ["gds transport", "crest", "crown", "@font-face", "sourcemappingurl", "logotype"]
)
def test_no_font_or_sign_of_the_government(path: Path, word: str) -> None:
    text = re.sub(r"/\*!.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).lower()
    assert word not in text


def test_no_file_of_the_government_identity() -> None:
    names = [path.name for path in BUILT.rglob("*")]
    assert [name for name in names if re.search(r"crest|crown|govuk-logo|opengraph|woff", name)] == []


def test_the_style_is_ours_to_serve() -> None:
    text = (BUILT / "css" / "application.css").read_text(encoding="utf-8")
    urls = re.findall(r"url\(([^)]*)\)", text)
    assert urls
    for url in urls:
        assert (BUILT / "css" / url.strip("\"'")).is_file()
    assert "Helvetica" in text


def test_the_built_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    found = {
        str(path.relative_to(BUILT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in BUILT.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == manifest


def test_licences_are_kept() -> None:
    assert {path.name for path in (BUILT / "licences").iterdir()} == {
        "govuk-frontend.txt",
        "moj-frontend.txt",
        "htmx.txt",
    }


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "static" / "src" / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or "application/json" in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_with_a_form_shows_its_errors(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if re.search(r"\{\{ ?form ?\}\}", text) and 'method="post"' in text and "ui/forms" not in str(path):
        assert "error_summary" in text

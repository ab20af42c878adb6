"""Preparing a bare machine, as far as it can be watched without one."""

import subprocess
import sys
from pathlib import Path

import pytest

from smki_pma.deploy import machine


def test_needs_only_the_standard_library() -> None:
    code = "import runpy; runpy.run_path('smki_pma/deploy/machine.py', run_name='looked at')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_without_rights_it_prints_the_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_is_installed", lambda package: package != "libmagic1")
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(machine, "_root_prefix", lambda: None)
    with pytest.raises(machine.Missing) as missing:
        machine.install_packages(["libmagic1", "libpango-1.0-0"])
    line = str(missing.value)
    assert "sudo apt-get install --yes --no-install-recommends libmagic1" in line
    assert "libpango" not in line
    assert "\n" not in line


def test_nothing_is_installed_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(machine, "VENV", tmp_path)
    monkeypatch.setattr(machine, "_quietly", lambda command: called.append(command) or (0, ""))
    for _ in range(3):
        machine.install_requirements("run")
    assert len(called) == 1


def test_failed_installation_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(machine, "VENV", tmp_path)
    monkeypatch.setattr(machine, "_quietly", lambda command: called.append(command) or (1, "no space\n"))
    for _ in range(2):
        with pytest.raises(machine.Missing, match="no space"):
            machine.install_requirements("run")
    assert len(called) == 2

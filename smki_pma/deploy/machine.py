"""What a bare Debian machine needs before anything of the system can be imported. Standard library only.

    python3 smki_pma/deploy/machine.py run|front|test

Installs the Debian packages that are missing, the virtual environment and the pinned requirements; a
stamp keeps a second call from doing any of it again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PACKAGES = {
    "run": [
        "python3-venv",
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "fonts-liberation",
        "libmagic1",
    ],
    "front": ["nginx"],
    "test": [
        "chromium",
        "curl",
        "nginx",
        "postgresql",
        "redis-server",
        "softhsm2",
        "opensc",
        "openssl",
        "gnutls-bin",
        "poppler-utils",
        "qpdf",
        "git",
        "unzip",
        "zip",
    ],
}
REQUIREMENTS = {
    "run": ["requirements.txt"],
    "front": ["requirements.txt"],
    "test": ["tests/requirements.txt"],
}


class Missing(SystemExit):
    """Something that only the reader can put right; the message is one line that says what."""


def main() -> None:
    purpose = sys.argv[1]
    if sys.version_info[:2] < (3, 11):
        raise Missing(f"This needs Python 3.11; {sys.executable} is {sys.version.split()[0]}.")
    install_packages(PACKAGES["run"] + (PACKAGES[purpose] if purpose != "run" else []))
    make_environment()
    install_requirements(purpose)


def install_packages(names: list[str]) -> None:
    """Install the Debian packages among names that are missing, as root or by sudo without a question."""
    missing = [name for name in names if not _is_installed(name)]
    if not missing:
        return
    line = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    if shutil.which("apt-get") is None:
        raise Missing(f"These Debian packages are missing, or their like on this system: {' '.join(missing)}")
    prefix = _root_prefix()
    if prefix is None:
        raise Missing(f"Debian packages are missing. Run this once, then try again: sudo {line}")
    print(f"Installing Debian packages: {' '.join(missing)}", flush=True)
    install = [*prefix, *line.split()]
    if _quietly(install)[0]:
        _quietly([*prefix, "apt-get", "update"])
        failed, output = _quietly(install)
        if failed:
            raise Missing(f"Installing failed: {_last_line(output)} To see why, run: sudo {line}")


def _is_installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return True  # no Debian; what is missing shows when it is used
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True).stdout == "installed"


def _root_prefix() -> list[str] | None:
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return environment
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", *environment]
    return None


def _quietly(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no output."


def make_environment() -> None:
    """The virtual environment, made anew where its interpreter is gone."""
    python = VENV / "bin" / "python"
    if python.exists() and _quietly([str(python), "-c", "import pip"])[0] == 0:
        return
    print("Making the virtual environment", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"The virtual environment {VENV} cannot be made: {error}") from None


def install_requirements(purpose: str) -> None:
    """The pinned requirements, unless the stamp says that exactly these were installed."""
    stamp = VENV / f"installed-for-{purpose}"
    files = [ROOT / name for name in REQUIREMENTS[purpose]]
    wanted = hashlib.sha256(b"".join(f.read_bytes() for f in files) + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {', '.join(REQUIREMENTS[purpose])}", flush=True)
    listed = [part for f in files for part in ("--requirement", str(f))]
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    failed, output = _quietly([*pip, "--disable-pip-version-check", *listed])
    if failed:
        raise Missing(f"Installing the requirements failed: {_last_line(output)}")
    stamp.write_text(wanted)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        raise Missing(f"Preparing failed: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None

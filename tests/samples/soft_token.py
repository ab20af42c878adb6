"""A token of SoftHSM2, Debian's hardware security module in software, in a folder of its own."""

import os
import subprocess
from pathlib import Path
from typing import Any

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, PIN = "smki-ca", "canary-pin-73915"
BACKEND = "certification.authorities.keys.hardware.HardwareKeys"


def make_token(folder: Path) -> dict[str, str]:
    """Initialise the token; gives the environment in which it is found. The library reads it when it is loaded,
    so one process has one such folder.
    """
    (folder / "tokens").mkdir(parents=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    environment = {"SOFTHSM2_CONF": str(configuration)}
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        LABEL,
        "--pin",
        PIN,
        "--so-pin",
        "so-pin-1",
    ]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
    return environment


def use_token(settings: Any) -> None:
    """Let the test's process hold the CA keys of the token, as a worker does."""
    settings.SMKI_CA_KEY_BACKEND = BACKEND
    settings.SMKI_PKCS11_MODULE = MODULE
    settings.SMKI_PKCS11_TOKEN = LABEL
    settings.SMKI_PROCESS = "worker"

"""CA keys: encrypted at rest, never in a web process, never shown, and the same signature twice."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der
from certification.authorities.keys import KeyMissing, KeyUnavailable, containers, key_backend
from certification.authorities.keys.software import SoftwareKeys

PASSPHRASE = b"a passphrase for tests only"


@pytest.fixture
def keys(tmp_path: Path) -> SoftwareKeys:
    return SoftwareKeys(tmp_path / "keys", PASSPHRASE)


def test_sign_is_deterministic_and_verifies(keys: SoftwareKeys) -> None:
    point = keys.generate("test-root")
    signature = keys.sign("test-root", b"bytes")
    assert signature == keys.sign("test-root", b"bytes")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(signature, b"bytes", ec.ECDSA(hashes.SHA256()))


def test_generating_again_keeps_the_key(keys: SoftwareKeys) -> None:
    assert keys.generate("test-root") == keys.generate("test-root") == keys.public_point("test-root")


@pytest.mark.clause("L3.5")
def test_files_are_encrypted_and_private(keys: SoftwareKeys, tmp_path: Path) -> None:
    keys.generate("test-root")
    keys.generate_wrapping("test-wrap")
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["test-root.p8", "test-wrap.aes"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    plain = keys._decrypt("test-root", "p8")
    assert plain[36:68] not in files[0].read_bytes()


@pytest.mark.clause("L3.5")
def test_openssl_opens_the_file_with_the_passphrase_alone(keys: SoftwareKeys, tmp_path: Path) -> None:
    point = keys.generate("test-root")
    command = [
        "openssl",
        "pkey",
        "-inform",
        "DER",
        "-in",
        str(tmp_path / "keys" / "test-root.p8"),
        "-noout",
        "-text",
    ]
    opened = subprocess.run(
        [*command, "-passin", f"pass:{PASSPHRASE.decode()}"], capture_output=True, text=True
    )
    assert opened.returncode == 0, opened.stderr
    assert point.hex(":")[:40] in opened.stdout.replace("\n    ", "")
    assert subprocess.run([*command, "-passin", "pass:another"], capture_output=True).returncode != 0


def test_wrong_passphrase(keys: SoftwareKeys, tmp_path: Path) -> None:
    keys.generate("test-root")
    keys.generate_wrapping("test-wrap")
    other = SoftwareKeys(tmp_path / "keys", b"another passphrase than that")
    with pytest.raises(KeyUnavailable, match="does not open"):
        other.sign("test-root", b"")
    with pytest.raises(KeyUnavailable, match="does not open"):
        other.wrap("test-wrap", b"content")


def test_missing_key(keys: SoftwareKeys) -> None:
    with pytest.raises(KeyMissing, match="restore the CA keys"):
        keys.sign("test-none", b"")


def test_damaged_file(keys: SoftwareKeys, tmp_path: Path) -> None:
    keys.generate("test-root")
    for damage in (b"", b"junk", b"0\x00", (tmp_path / "keys" / "test-root.p8").read_bytes()[:-5]):
        (tmp_path / "keys" / "test-bad.p8").write_bytes(damage)
        with pytest.raises(KeyUnavailable, match="does not open"):
            keys.sign("test-bad", b"")


def test_reference_is_no_path(keys: SoftwareKeys) -> None:
    for reference in ("../escape", "", "A", "a/b"):
        with pytest.raises(ValueError, match="lower case"):
            keys.generate(reference)


def test_wrapping(keys: SoftwareKeys) -> None:
    keys.generate_wrapping("test-wrap")
    key = der.read(keys._decrypt("test-wrap", "aes")).content
    wrapped = keys.wrap("test-wrap", b"content of any length")
    assert keywrap.aes_key_unwrap_with_padding(key, wrapped) == b"content of any length"
    keys.generate_wrapping("test-wrap")
    assert keys.wrap("test-wrap", b"content of any length") == wrapped


def test_nothing_secret_is_shown(keys: SoftwareKeys) -> None:
    assert PASSPHRASE.decode() not in repr(keys) + str(keys)


def test_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable, match="16 characters"):
        SoftwareKeys(tmp_path, b"short")


@pytest.mark.parametrize("process", ["web", "scheduler"])
@pytest.mark.clause("L3.5")
def test_no_key_in_a_web_process(process: str, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE.decode())
    settings.SMKI_PROCESS = process  # type: ignore[attr-defined]
    with pytest.raises(KeyUnavailable, match=f"The {process} process holds no CA key"):
        key_backend()


def test_no_passphrase_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMKI_CA_PASSPHRASE", raising=False)
    with pytest.raises(KeyUnavailable, match="SMKI_CA_PASSPHRASE"):
        key_backend()


def test_container_round_trip() -> None:
    content = der.octet_string(b"secret")
    container = containers.encrypt(content, PASSPHRASE)
    assert b"secret" not in container
    assert containers.decrypt(container, PASSPHRASE) == content
    assert containers.encrypt(content, PASSPHRASE) != container


def test_container_costs_a_thief_16_mebibytes_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    container = containers.encrypt(der.octet_string(b"secret"), PASSPHRASE)
    assert der.integer(2**14) + der.integer(8) + der.integer(1) in container
    monkeypatch.setattr(containers, "_COST", 2**15)
    dearer = containers.encrypt(der.octet_string(b"secret"), PASSPHRASE)
    with pytest.raises(containers.WrongPassphrase):
        containers.decrypt(dearer, PASSPHRASE)

import stat
from pathlib import Path

from smki_pma.deploy import secret_files, supervise

WORKERS_OWN = {"SMKI_CA_PASSPHRASE", "SMKI_LEDGER_PASSPHRASE"}


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    secret_files.ensure(tmp_path)
    made = {file.name: file.read_text() for file in secret_files.folder(tmp_path).iterdir()}
    secret_files.ensure(tmp_path)
    assert {file.name: file.read_text() for file in secret_files.folder(tmp_path).iterdir()} == made
    assert len(set(made.values())) == 3
    assert all(len(value) >= 50 for value in made.values())
    modes = {stat.S_IMODE(file.stat().st_mode) for file in secret_files.folder(tmp_path).iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(secret_files.folder(tmp_path).stat().st_mode) == 0o700


def test_only_the_worker_gets_the_passphrases(tmp_path: Path) -> None:
    secret_files.ensure(tmp_path)
    known = {
        process.name: {name for name in WORKERS_OWN if process.environment[name]}
        for process in supervise.processes(8000, tmp_path)
    }
    assert known == {"web": set(), "worker": WORKERS_OWN, "batch": WORKERS_OWN, "scheduler": set()}


def test_what_the_caller_knows_does_not_reach_the_web(tmp_path: Path) -> None:
    """The supervisor's own environment is overlaid, so a passphrase exported there must be emptied."""
    secret_files.ensure(tmp_path)
    web = next(p for p in supervise.processes(8000, tmp_path) if p.name == "web")
    assert {name: web.environment.get(name) for name in WORKERS_OWN} == dict.fromkeys(WORKERS_OWN, "")
    assert web.environment["SMKI_SECRETS_DIR"] == ""
    assert web.environment["CREDENTIALS_DIRECTORY"] == ""


def test_a_pin_is_given_to_the_worker_alone(tmp_path: Path) -> None:
    secret_files.ensure(tmp_path)
    (secret_files.folder(tmp_path) / "smki_pkcs11_pin").write_text("canary\n")
    given = {p.name: p.environment["SMKI_PKCS11_PIN"] for p in supervise.processes(8000, tmp_path)}
    assert given["web"] == given["scheduler"] == ""
    assert given["worker"] == given["batch"] == "canary"


def test_no_secret_stands_on_a_command_line(tmp_path: Path) -> None:
    secret_files.ensure(tmp_path)
    secrets = [file.read_text() for file in secret_files.folder(tmp_path).iterdir()]
    for process in supervise.processes(8000, tmp_path):
        assert not any(secret in " ".join(process.command) for secret in secrets)

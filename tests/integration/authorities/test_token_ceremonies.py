"""The whole of it with a token (SoftHSM2): the ceremony, a Certificate by its job, a lost signature; no secret told."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from certification.authorities import issuing, states
from certification.authorities.keys import KeyUnavailable, key_backend
from certification.authorities.management.commands import key_ceremony
from certification.authorities.models import Authority, Ceremony, Intent
from certification.authorities.services import complete_ceremony, prepare_ceremony
from certification.requests import issuance
from certification.requests.states import BEING_ISSUED, ISSUED
from repository.certificates.models import Certificate, RevocationList
from smki_pma.ledger.actors import Actor
from tests.clock import SetClock
from tests.samples.batches import hand_in_files
from tests.samples.certification import certification, make_authorities, use_keys_in
from tests.samples.signing_requests import device
from tests.samples.soft_token import PIN
from tests.samples.zips import device_requests

RunJobs = Callable[[], int]
CLOCK = Actor.clock()
PASSPHRASE = "canary passphrase 5e1f"


def all_rows() -> str:
    """Every value of every row of the database; of binary ones the text and the hexadecimal digits."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values_list())
    return " ".join(shown(value) for row in rows for value in row)


def shown(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return f"{bytes(value).decode('latin-1')} {bytes(value).hex()}"
    return str(value)


@pytest.mark.clause("L3.5")
def test_a_ceremony_on_the_token(operators: Any, token: None, run_jobs: RunJobs) -> None:
    ceremony = operators.approved()
    run_jobs()
    ceremony.refresh_from_db()
    assert ceremony.state == states.DONE
    for authority in Authority.objects.all():
        above = authority.parent or authority
        certificate = x509.load_der_x509_certificate(authority.certificate_der)
        certificate.verify_directly_issued_by(x509.load_der_x509_certificate(above.certificate_der))
        assert key_backend().public_point(authority.key_reference) == bytes(authority.point)
    for lodged in RevocationList.objects.all():
        assert x509.load_der_x509_crl(bytes(lodged.der)).signature_algorithm_oid
    assert PIN not in all_rows()


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.mark.clause("L3.5", "L3.4")
def test_a_lost_signature_is_never_released(
    token: None, db: None, run_jobs: RunJobs, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token signs differently each time: what the dead worker had signed is nowhere, its bytes are issued once."""
    them = certification()
    make_authorities(them.operator, them.second_operator)
    request = them.submit(device().make())
    intent = Intent.objects.get(reference=f"request:{request.uid}")
    lost: list[bytes] = []

    def die(*, der: bytes, **named: Any) -> None:
        lost.append(der)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(issuance, "lodge_certificate", die)
        run_jobs()
    request.refresh_from_db()
    assert request.state == BEING_ISSUED
    clock.advance(timedelta(minutes=2))
    run_jobs()
    request.refresh_from_db()
    assert request.state == ISSUED
    [issued] = Certificate.objects.filter(kind="device")
    kept, gone = bytes(issued.der), x509.load_der_x509_certificate(lost[0])
    certificate = x509.load_der_x509_certificate(kept)
    assert certificate.tbs_certificate_bytes == gone.tbs_certificate_bytes == bytes(intent.tbs)
    assert certificate.signature != gone.signature
    assert gone.signature.hex() not in all_rows()
    assert certificate.signature.hex() in all_rows()
    assert issuing.sign(intent).der != kept
    batch = hand_in_files(them, device_requests(3))
    run_jobs()
    issued_together = Certificate.objects.filter(reference__startswith=f"batch:{batch.uid}:")
    issuer = x509.load_der_x509_certificate(bytes(intent.authority.certificate_der))
    assert issued_together.count() == 3
    for each in issued_together:
        x509.load_der_x509_certificate(bytes(each.der)).verify_directly_issued_by(issuer)


def test_killed_in_the_ceremony_the_keys_on_the_token_stay(
    operators: Any, token: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ceremony = prepare_ceremony(ceremony_id=operators.approved().pk, by=CLOCK)
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "assemble", lambda *_, **__: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    points = {authority.key_reference: bytes(authority.point) for authority in Authority.objects.all()}
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert {each.key_reference: bytes(each.point) for each in Authority.objects.all()} == points


@pytest.mark.clause("L3.5")
def test_a_wrong_pin_fails_the_ceremony_and_tells_nobody(
    operators: Any, token: None, run_jobs: RunJobs, clock: SetClock, monkeypatch: Any, caplog: Any
) -> None:
    key_backend()._token._forget()  # type: ignore[attr-defined]
    monkeypatch.setenv("SMKI_PKCS11_PIN", "wrong-canary-pin")
    ceremony = operators.approved()
    for _ in range(4):
        run_jobs()
        clock.advance(timedelta(hours=1))
    ceremony.refresh_from_db()
    assert ceremony.state == states.FAILED
    assert "SMKI_PKCS11_PIN" in ceremony.reason
    assert "canary-pin" not in all_rows() + caplog.text


@pytest.mark.clause("L3.5")
def test_the_passphrase_is_told_nowhere(
    operators: Any,
    settings: Any,
    tmp_path: Path,
    run_jobs: RunJobs,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A ceremony that works, one whose key folder is damaged, and the pages and the command about both."""
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, tmp_path / "keys")
    operators.approved()
    run_jobs()
    for file in (tmp_path / "keys").iterdir():
        file.write_bytes(b"damaged")
    settings.SMKI_CA_KEY_DIR = tmp_path / "keys"
    from certification.authorities.keys.software import SoftwareKeys

    SoftwareKeys._opened.clear()
    root = Authority.objects.get(kind="root_oca")
    failing = operators.approved(operators.arl(root))
    for _ in range(4):
        run_jobs()
        clock.advance(timedelta(hours=1))
    failing.refresh_from_db()
    assert failing.state == states.FAILED
    client = Client(raise_request_exception=False)
    client.force_login(operators.first, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = "".join(
        client.get(f"/certification/authorities/{path}").content.decode()
        for path in ("", *(f"ceremonies/{each.pk}/" for each in Ceremony.objects.all()))
    )
    output = capfd.readouterr()
    said = all_rows() + pages + caplog.text + output.out + output.err + command_says(operators, monkeypatch)
    assert "does not open" in said
    assert PASSPHRASE not in said


def command_says(operators: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    for person in (operators.first, operators.second):
        person.set_password("typed password")
        person.save()
    monkeypatch.setattr(key_ceremony, "getpass", lambda prompt: "typed password")
    monkeypatch.setattr("builtins.input", lambda prompt: "approve")
    out = StringIO()
    people = [f"--operator={person.email}" for person in (operators.first, operators.second)]
    with pytest.raises(CommandError) as failed:
        call_command("key_ceremony", "--arl=R1", "--witness=Wilma", *people, stdout=out, stderr=out)
    assert isinstance(failed.value.__cause__, KeyUnavailable)
    return f"{out.getvalue()} {failed.value!r} {failed.value.__cause__!r}"

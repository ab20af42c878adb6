"""`manage.py key_ceremony`: two operators at one terminal, each with a password."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.core.management import CommandError, call_command

from certification.authorities import states
from certification.authorities.management.commands import key_ceremony
from certification.authorities.models import Authority, Ceremony
from certification.authorities.profiles import CertificateKind
from certification.requests.suspending import suspend_services
from certification.requests.suspension_rules import Ground, Service
from smki_pma.parties import locks
from smki_pma.parties.locks import WrongPassword
from smki_pma.rules_in_force.selectors import figure
from tests.samples.operators import revoke_active

PASSWORDS = {"Olga Operator": "olga's long password", "Otto Operator": "otto's long password"}
NAMES = ["--root-dca=R1", "--issuing-dca=D1", "--root-oca=R2", "--issuing-oca=O1"]


@pytest.fixture
def passwords(operators: Any) -> None:
    for person in (operators.first, operators.second):
        person.set_password(PASSWORDS[person.name])
        person.save()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each person types; the right password unless the test changes it."""
    answers = dict(PASSWORDS)

    def getpass(prompt: str) -> str:
        assert not Ceremony.objects.exclude(state=states.DONE).exists(), "nothing is planned before"
        return next(answer for name, answer in answers.items() if name in prompt)

    monkeypatch.setattr(key_ceremony, "getpass", getpass)
    monkeypatch.setattr("builtins.input", lambda prompt: answers.get(f"yes {prompt[:4]}", "approve"))
    return answers


def hold(*operators: str, environment: str = "live", instead: tuple[str, ...] = ()) -> str:
    out = StringIO()
    chosen = [part for email in operators for part in ("--operator", email)]
    what = instead or ("--environment", environment, *NAMES)
    call_command("key_ceremony", *what, "--witness", "Wilma Witness", *chosen, stdout=out)
    return out.getvalue()


FIRST, SECOND, REGISTRAR = (
    "olga.operator@example.org",
    "otto.operator@example.org",
    "rob.registrar@example.org",
)


@pytest.mark.clause("L3.5")
def test_two_operators_make_all_four(keys: Path, passwords: None, typed: dict[str, str]) -> None:
    said = hold(FIRST, SECOND)
    ceremony = Ceremony.objects.get()
    assert ceremony.state == states.DONE
    assert ceremony.transcript_sha256 in said
    assert ceremony.script[0] in said
    assert Authority.objects.filter(state=states.ACTIVE).count() == 4
    assert not any(password in said for password in PASSWORDS.values())


@pytest.mark.clause("L3.5")
def test_two_operators_roll_over_and_sign_a_list(keys: Path, passwords: None, typed: dict[str, str]) -> None:
    hold(FIRST, SECOND)
    said = hold(FIRST, SECOND, instead=("--roll-over", "O1", "--name", "O2"))
    assert "Issuing OCA O2" in said
    assert Authority.objects.get(common_name="O1").state == states.SUPERSEDED
    assert "ARL 2 of R2" in hold(SECOND, FIRST, instead=("--arl", "R2"))
    with pytest.raises(CommandError, match="Another Certification Authority operator"):
        hold(FIRST, FIRST, instead=("--arl", "R2"))
    with pytest.raises(CommandError, match="no Authority X9"):
        hold(FIRST, SECOND, instead=("--arl", "X9"))
    assert Authority.objects.get(common_name="R2").last_list_number == 2


@pytest.mark.clause("L3.5")
def test_two_operators_replace_a_revoked_authority(
    keys: Path, passwords: None, typed: dict[str, str]
) -> None:
    hold(FIRST, SECOND)
    revoke_active(CertificateKind.ISSUING_DCA)
    assert "Issuing DCA D2" in hold(FIRST, SECOND, instead=("--roll-over", "D1", "--name", "D2"))
    assert Authority.objects.get(common_name="D1").state == states.REVOKED
    assert Authority.objects.get(common_name="D2").state == states.ACTIVE


@pytest.mark.clause("L3.5")
def test_a_wrong_password_plans_nothing(keys: Path, passwords: None, typed: dict[str, str]) -> None:
    typed["Otto Operator"] = "guess"
    with pytest.raises(CommandError, match=r"not the password of Otto Operator\. Nothing was planned"):
        hold(FIRST, SECOND)
    assert not Ceremony.objects.exists()
    assert not keys.exists()


@pytest.mark.clause("L3.5")
def test_whoever_does_not_approve_the_script_stops_it(
    keys: Path, passwords: None, typed: dict[str, str]
) -> None:
    typed["yes Otto"] = "no"
    with pytest.raises(CommandError, match="Otto Operator did not approve"):
        hold(FIRST, SECOND)
    assert Ceremony.objects.get().state == states.HALF_APPROVED
    assert not keys.exists()


@pytest.mark.clause("L3.5", "L6.5")
def test_wrong_passwords_lock_the_account(keys: Path, passwords: None, typed: dict[str, str]) -> None:
    typed["Otto Operator"] = "guess"
    for _ in range(figure("accounts.wrong_passwords")):
        with pytest.raises(CommandError, match="not the password of Otto"):
            hold(FIRST, SECOND)
    typed["Otto Operator"] = PASSWORDS["Otto Operator"]
    with pytest.raises(CommandError, match="locked"):
        hold(FIRST, SECOND)
    assert locks.locked_until(SECOND) is not None
    assert locks.locked_until(FIRST) is None, "a right password is forgotten"
    assert not Ceremony.objects.exists()


SECRET = "JBSWY3DPEHPK3PXP"


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.clause("L3.5")
def test_where_a_second_factor_is_required_each_types_a_code(
    keys: Path,
    passwords: None,
    typed: dict[str, str],
    operators: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.SMKI_MFA_REQUIRED = True
    codes = {"Olga": code_now(), "Otto": "000000"}

    def getpass(prompt: str) -> str:
        name = "Olga" if "Olga" in prompt else "Otto"
        return codes[name] if prompt.startswith("Code") else PASSWORDS[f"{name} Operator"]

    monkeypatch.setattr(key_ceremony, "getpass", getpass)
    with pytest.raises(CommandError, match="Olga Operator has no authenticator app"):
        hold(FIRST, SECOND)
    cache.clear()
    for person in (operators.first, operators.second):
        TOTP.activate(person, SECRET)
    with pytest.raises(CommandError, match="not a code of Otto"):
        hold(FIRST, SECOND)
    assert not Ceremony.objects.exists()
    assert WrongPassword.objects.get().account == locks.account_of(SECOND)

    cache.clear()  # Olga's code would count as used
    codes["Otto"] = code_now()
    hold(FIRST, SECOND)
    assert Ceremony.objects.get().state == states.DONE


def test_held_by_a_suspension_of_lists_it_says_that_it_waits(
    keys: Path, passwords: None, typed: dict[str, str], operators: Any
) -> None:
    suspend_services(
        services=[Service.LISTS.value],
        party_id=None,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=operators.by(operators.first),
    )
    assert "is approved. See its page" in hold(FIRST, SECOND)
    assert Ceremony.objects.get().state == states.RUNNING


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("who", "words"),
    [
        ((FIRST, FIRST), "Another Certification Authority operator"),
        ((FIRST,), "Name two operators"),
        ((FIRST, REGISTRAR), "you do not hold that office"),
        ((FIRST, "nobody@example.org"), "Nobody has the address"),
    ],
)
def test_two_different_operators_are_needed(
    keys: Path, passwords: None, typed: dict[str, str], who: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        hold(*who)
    assert not Authority.objects.exists()


def test_live_needs_its_object_identifiers(
    keys: Path, passwords: None, typed: dict[str, str], settings: Any
) -> None:
    settings.SMKI_SAMPLE_COMMUNITY = False
    with pytest.raises(CommandError, match="SMKI_LIVE_DEVICE_POLICY_OID"):
        hold(FIRST, SECOND, environment="live")


def test_without_the_passphrase_nothing_is_planned(
    operators: Any, monkeypatch: pytest.MonkeyPatch, typed: dict[str, str]
) -> None:
    monkeypatch.delenv("SMKI_CA_PASSPHRASE", raising=False)
    with pytest.raises(CommandError, match="SMKI_CA_PASSPHRASE"):
        hold(FIRST, SECOND)
    assert not Ceremony.objects.exists()

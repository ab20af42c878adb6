"""Signing in: who gets in, how an account locks, how a session ends with the office."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from smki_pma.calendar import clock as the_clock
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.parties.appointments import appoint, end_holding
from smki_pma.parties.forgetting import erase_sign_in, forget_old_sessions, forget_sign_ins
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.services import add_person
from tests.clock import SetClock
from tests.community import Community

PASSWORD = "correct horse battery staple"
OWNER = Actor.owner("the test")


@pytest.fixture
def officer(community: Community) -> Person:
    """A Party's officer with a password."""
    person = community.person("party_officer")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_the_right_password_lets_in(officer: Person, client: Client) -> None:
    response = sign_in(client, officer.email.upper())
    assert response.status_code == 302
    assert client.get("/for-you/").status_code == 200


@pytest.mark.clause("L6.5")
def test_five_wrong_passwords_within_an_hour_lock_for_an_hour(
    officer: Person, client: Client, clock: SetClock
) -> None:
    for _ in range(5):
        assert "not correct" in sign_in(client, officer.email, "wrong").content.decode()
        clock.advance(timedelta(minutes=10))
    locked = sign_in(client, officer.email)
    assert locked.status_code == 422
    assert "This account is locked" in locked.content.decode()
    clock.advance(timedelta(minutes=49))
    assert sign_in(client, officer.email).status_code == 422
    clock.advance(timedelta(minutes=2))
    assert sign_in(client, officer.email).status_code == 302


def test_a_lock_is_for_one_account_and_says_nothing_of_who_exists(officer: Person, client: Client) -> None:
    for _ in range(5):
        known = sign_in(client, officer.email, "wrong").content.decode()
    for _ in range(5):
        unknown = sign_in(client, "nobody@example.org", "wrong").content.decode()
    assert _errors(known) == _errors(unknown)
    assert "locked" in sign_in(client, "nobody@example.org").content.decode()


def _errors(page: str) -> list[str]:
    return re.findall(r'<a href="#[^"]*">([^<]*)</a>|<li>([^<]*)</li>', page)


def test_the_sign_in_page_says_when_an_account_locks(client: Client, db: None) -> None:
    assert (
        "5 wrong passwords within an hour lock the account for 60 minutes"
        in client.get("/accounts/login/").content.decode()
    )


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "login/code/", "phone/change/", "social/"]
)
def test_pages_that_are_not_offered_are_not_there(path: str, client: Client, db: None) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_one_click_signs_in_in_the_sample_community_only(
    community: Community, client: Client, settings: Any
) -> None:
    person = community.person("secretariat")
    address = reverse("sign_in_as", args=[person.pk])
    assert person.name in client.get("/accounts/login/").content.decode()
    assert client.get(address).status_code == 405
    settings.SMKI_SAMPLE_COMMUNITY = False
    assert person.name not in client.get("/accounts/login/").content.decode()
    assert client.post(address).status_code == 404
    settings.SMKI_SAMPLE_COMMUNITY = True
    assert client.post(address, {"next": "/duties/"}).headers["Location"] == "/duties/"
    assert client.get("/for-you/").status_code == 200


def test_one_click_does_not_lead_elsewhere(community: Community, client: Client) -> None:
    address = reverse("sign_in_as", args=[community.person("auditor").pk])
    response = client.post(address, {"next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_a_check_refuses_the_sample_community_in_production(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMKI_PROFILE", "production")
    settings.SMKI_SAMPLE_COMMUNITY = True
    assert "parties.E001" in {message.id for message in run_checks(tags=["security"])}
    settings.SMKI_SAMPLE_COMMUNITY = False
    settings.SMKI_MFA_REQUIRED = False
    assert "parties.E002" in {message.id for message in run_checks(tags=["security"])}
    settings.SMKI_MFA_REQUIRED = True
    assert not {m.id for m in run_checks(tags=["security"])} & {"parties.E001", "parties.E002"}


def test_who_holds_no_office_is_not_let_in(db: None, client: Client) -> None:
    person = Person.objects.create(email="new@example.org", name="New Person")
    person.set_password(PASSWORD)
    person.save()
    response = sign_in(client, person.email)
    assert response.status_code == 403
    assert "You hold no office here" in response.content.decode()
    assert client.get("/for-you/").status_code == 302


def test_a_session_ends_with_the_office(
    community: Community, django_capture_on_commit_callbacks: Any
) -> None:
    person = community.person("auditor")
    client = Client()
    client.post(reverse("sign_in_as", args=[person.pk]))
    assert UserSession.objects.filter(user=person).count() == 1
    holding = Holding.objects.get(person=person)
    with django_capture_on_commit_callbacks(execute=True):
        end_holding(holding_id=holding.pk, reason="Report given", by=OWNER)
    assert not UserSession.objects.filter(user=person).exists()
    assert client.get("/for-you/").headers["Location"].startswith("/accounts/login/")


def test_a_term_that_runs_out_signs_out_with_the_reason(community: Community, clock: SetClock) -> None:
    client = community.client("pma_member")
    assert client.get("/for-you/").status_code == 200
    clock.advance(timedelta(days=3 * 365))
    response = client.get("/for-you/")
    assert response.status_code == 403
    assert "you have been signed out" in response.content.decode()
    assert client.get("/for-you/").status_code == 302


def test_the_sign_in_is_erased_with_the_last_office(officer: Person, client: Client) -> None:
    new = add_person(email="new@example.org", name="New Person", by=OWNER)
    new.set_password(PASSWORD)
    new.save()
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    holding = Holding.objects.get(person=officer)
    assert forget_sign_ins() == 0

    end_holding(holding_id=holding.pk, reason="Left", by=OWNER)
    assert forget_sign_ins() == 1
    assert forget_sign_ins() == 0

    officer.refresh_from_db()
    assert not officer.has_usable_password()
    assert not Authenticator.objects.filter(user=officer).exists()
    assert EntryText.objects.filter(event="person.sign_in_erased").count() == 1
    new.refresh_from_db()
    assert new.has_usable_password(), "waits for a first office"


def test_the_sign_in_stays_where_another_office_lasts_or_is_to_come(
    officer: Person, community: Community, clock: SetClock
) -> None:
    holding = Holding.objects.get(person=officer)
    later = the_clock.now() + timedelta(days=10)
    appoint(office_key="auditor", person_id=officer.pk, starts_at=later, by=OWNER)
    end_holding(holding_id=holding.pk, reason="Left", by=OWNER)
    assert forget_sign_ins() == 0
    with pytest.raises(NotEntitled):
        erase_sign_in(person_id=officer.pk, by=OWNER)


def test_an_office_that_is_given_anew_begins_with_a_new_password(
    officer: Person, client: Client, mailoutbox: list[Any]
) -> None:
    holding = Holding.objects.get(person=officer)
    end_holding(holding_id=holding.pk, reason="Left", by=OWNER)
    forget_sign_ins()
    appoint(office_key="auditor", person_id=officer.pk, by=OWNER)
    client.post("/accounts/password/reset/", {"email": officer.email})
    address = re.search(r"https?://\S+", mailoutbox[-1].body)
    assert address is not None
    form = client.get(address.group(), follow=True)
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(form.redirect_chain[-1][0], sent).status_code == 302
    assert sign_in(client, officer.email).status_code == 302
    assert client.get("/for-you/").status_code == 200


def test_a_session_that_is_over_is_forgotten(community: Community, client: Client) -> None:
    for name in ("auditor", "panel_officer"):
        client.post(reverse("sign_in_as", args=[community.person(name).pk]))
        client.cookies.clear()
    ran_out = UserSession.objects.get(user=community.person("auditor"))
    Session.objects.filter(session_key=ran_out.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    assert forget_old_sessions() == 1
    assert UserSession.objects.get().user == community.person("panel_officer")
    assert Session.objects.count() == 1


def test_a_second_factor_is_required_of_every_office_outside_the_sample_community(
    officer: Person, client: Client, settings: Any
) -> None:
    settings.SMKI_MFA_REQUIRED = True
    sign_in(client, officer.email)
    assert client.get("/for-you/").headers["Location"] == "/accounts/2fa/"
    assert "Your office needs a second factor" in client.get("/accounts/2fa/").content.decode()
    Authenticator.objects.create(user=officer, type=Authenticator.Type.WEBAUTHN, data={})
    assert client.get("/for-you/").status_code == 200


def test_signing_in_with_an_authenticator_app(officer: Person, client: Client) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(officer, secret)
    assert secret not in str(Authenticator.objects.get(user=officer).data)
    assert sign_in(client, officer.email).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/for-you/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/for-you/").status_code == 200


SECRET = "JBSWY3DPEHPK3PXP"
STEP = 59_000_000  # the number of a period of 30 seconds, whose code is typed
BEGINS = STEP * 30
CODE = format_hotp_value(hotp_value(SECRET, STEP))


@pytest.fixture
def taken(officer: Person, client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Whether a code is taken at a second of that period, counted from its beginning."""
    caches["default"].clear()
    TOTP.activate(officer, SECRET)
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")

    def enter(second: float, code: str = CODE) -> bool:
        monkeypatch.setattr(time, "time", lambda: BEGINS + second)
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": code})
        assert answer.status_code == 302 or "Incorrect code" in answer.content.decode()
        return bool(answer.status_code == 302)

    return enter


@pytest.mark.parametrize(("second", "good"), [(-31, False), (-30, True), (29, True), (59, True), (60, False)])
def test_a_code_is_good_one_step_early_or_late(taken: Callable[..., bool], second: float, good: bool) -> None:
    assert taken(second) is good


@pytest.mark.parametrize("first", [-30, 0, 29.5])
def test_a_used_code_is_never_taken_again(taken: Callable[..., bool], first: float) -> None:
    assert taken(first)
    for second in (first + 1, max(first + 30.1, 31), 59.9):
        assert not taken(second)
    assert not taken(59.9, f"{CODE[:3]} {CODE[3:]}")
    assert taken(59.9, format_hotp_value(hotp_value(SECRET, STEP + 1)))


def test_the_code_of_a_sign_in_confirms_nothing_after_it(
    officer: Person, taken: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: BEGINS)
    other = Client()
    sign_in(other, officer.email)
    other.post("/accounts/2fa/authenticate/", {"code": CODE})
    assert other.get("/for-you/").status_code == 200
    assert not taken(45)


def test_an_invitation_sets_a_first_password(
    community: Community, client: Client, run_jobs: Any, mailoutbox: list[mail.EmailMessage]
) -> None:
    person = add_person(email="Fresh@Dunlin.Example", name="Fresh Face", by=community.actor("secretariat"))
    appoint(office_key="auditor", person_id=person.pk, by=community.actor("panel_officer"))
    run_jobs()
    body = next(message.body for message in mailoutbox if message.to == ["fresh@dunlin.example"])
    link = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert link is not None
    page = client.get(link[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert sign_in(Client(), person.email).status_code == 302
    assert "This link does not work" in Client().get(link[1], follow=True).content.decode()


def test_nothing_that_a_signed_in_person_saw_is_stored(officer: Person, client: Client) -> None:
    assert "no-store" not in client.get("/members/").get("Cache-Control", "")
    assert sign_in(client, officer.email).status_code == 302
    for address in ("/for-you/", "/meetings/", "/inbox/", "/duties/export.csv"):
        assert client.get(address)["Cache-Control"] == "private, no-store", address


def test_a_search_for_no_character_finds_somebody(community: Community, client: Client) -> None:
    """PostgreSQL knows no NUL in a text."""
    client.force_login(
        community.person("secretariat"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/community/", {"q": "\0"}).status_code == 200

"""Who is let in over the SMKI Service Interface, and who is turned away with which code."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from certification.service_interface.access import Caller, enter
from certification.service_interface.credentials import revoke_credential
from certification.service_interface.entry_testing import end_test_access, grant_test_access
from certification.service_interface.maintenance import announce_window, end_window
from certification.service_interface.models import Credential
from certification.service_interface.refusals import InterfaceRefusal
from certification.subscribers.models import ResponsibleOfficer
from certification.subscribers.register import end_officer
from certification.subscribers.rules import Ground
from certification.subscribers.services import withdraw_subscriber
from smki_pma.calendar import clock as the_clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties.appointments import end_holding
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.samples.certification import Certification
from tests.samples.community import actor, party, person_in
from tests.samples.interface import FRONT, FrontSocket, front_extras, headers_of, issued_credential

Enter = Callable[..., Caller]


@pytest.fixture
def let_in(settings: Any) -> Enter:
    def call(credential: Credential | None, environment: str = "live", **extras: Any) -> Caller:
        return enter(
            RequestFactory().get("/", **(front_extras(settings, credential) | extras)),
            environment=environment,
        )

    return call


def code_of(let_in: Enter, *arguments: Any, **extras: Any) -> str:
    with pytest.raises(InterfaceRefusal) as refused:
        let_in(*arguments, **extras)
    return refused.value.code


@pytest.mark.clause("L4.1(a)", "L4.5")
def test_a_credential_makes_its_machine_act_as_the_officer(parties: Certification, let_in: Enter) -> None:
    credential = issued_credential(parties)
    caller = let_in(credential)
    assert caller.actor == parties.by()
    assert (caller.party_id, caller.credential_id) == (parties.subscriber.pk, credential.pk)


@pytest.mark.clause("L4.5")
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"gunicorn.socket": None},
        {"gunicorn.socket": FrontSocket("/run/another.sock")},
        {"gunicorn.socket": type("Tcp", (), {"family": 2, "getsockname": lambda self: FRONT})()},
        {"HTTP_X_SSL_CLIENT_VERIFY": "FAILED:self-signed certificate"},
        {"HTTP_X_SSL_CLIENT_VERIFY": "NONE"},
        {"HTTP_X_SSL_CLIENT_CERT": "no certificate"},
    ],
)
def test_headers_count_only_from_the_front_and_only_verified(
    parties: Certification, let_in: Enter, elsewhere: dict[str, Any]
) -> None:
    credential = issued_credential(parties)
    assert let_in(credential)
    assert code_of(let_in, credential, **elsewhere) == "credential.missing"


@pytest.mark.clause("L4.5")
def test_without_a_front_in_the_settings_nothing_is_believed(
    parties: Certification, settings: Any, let_in: Enter
) -> None:
    extras = front_extras(settings, issued_credential(parties), path="")
    settings.SMKI_FRONT_SOCKET = ""
    with pytest.raises(InterfaceRefusal, match="Connect with the client certificate"):
        enter(RequestFactory().get("/", **extras), environment="live")


@pytest.mark.clause("L4.5")
def test_a_certificate_that_was_never_issued_opens_nothing(parties: Certification, let_in: Enter) -> None:
    credential = issued_credential(parties)
    assert credential.issuer
    stranger = headers_of(bytes(credential.issuer.certificate))
    assert code_of(let_in, None, **stranger) == "credential.unknown"


@pytest.mark.clause("L4.5")
def test_revoked_means_from_the_next_request_on(parties: Certification, let_in: Enter) -> None:
    credential = issued_credential(parties)
    assert let_in(credential)
    revoke_credential(credential_id=credential.pk, reason="The key was copied.", by=parties.by())
    assert code_of(let_in, credential) == "credential.revoked"


@pytest.mark.clause("L4.5")
def test_it_expires(parties: Certification, let_in: Enter, clock: SetClock) -> None:
    credential = issued_credential(parties)
    assert credential.expires_at
    clock.set(credential.expires_at - timedelta(minutes=1))
    assert let_in(credential)
    clock.set(credential.expires_at)
    assert code_of(let_in, credential) == "credential.expired"


def _office_ends(parties: Certification) -> None:
    holding = parties.by().holding_id
    assert holding
    end_holding(holding_id=holding, reason="Left.", by=Actor.owner("the test"))


def _nomination_ends(parties: Certification) -> None:
    officer = ResponsibleOfficer.objects.get(person=parties.officer)
    end_officer(officer_id=officer.pk, by=parties.by())


def _authorisation_ends(parties: Certification) -> None:
    for standing in parties.subscriber.authorisations.all():
        withdraw_subscriber(subscriber_id=standing.pk, ground=Ground.PARTY_REQUEST, by=parties.by())


@pytest.mark.clause("L4.1(a)")
@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_office_ends, "officer.office_ended"),
        (_nomination_ends, "officer.not_responsible"),
        (_authorisation_ends, "party.not_authorised"),
    ],
)
def test_a_credential_ends_with_the_right_behind_it(
    parties: Certification, let_in: Enter, happens: Callable[[Certification], None], code: str
) -> None:
    credential = issued_credential(parties)
    assert let_in(credential)
    happens(parties)
    assert code_of(let_in, credential) == code


@pytest.mark.clause("L4.1(b)")
def test_a_party_in_entry_testing_reaches_the_test_interface_alone(
    parties: Certification, let_in: Enter
) -> None:
    tester = party("Novice Networks")
    officer = actor(person_in("party-officer", "Nora Novice", for_party=tester), Role.PARTY_OFFICER)
    access = grant_test_access(party_id=tester.pk, purpose="Entry testing, round 1", by=parties.by_registrar)
    credential = issued_credential(parties, environment="test", party_id=tester.pk, by=officer)
    assert let_in(credential, "test").actor == officer
    assert code_of(let_in, credential, "live") == "credential.wrong_environment"
    end_test_access(access_id=access.pk, reason="Tests done.", by=parties.by_registrar)
    assert code_of(let_in, credential, "test") == "party.no_test_access"


@pytest.mark.clause("L4.1(b)")
def test_a_live_credential_is_not_for_the_test_interface(parties: Certification, let_in: Enter) -> None:
    assert code_of(let_in, issued_credential(parties), "test") == "credential.wrong_environment"


@pytest.mark.clause("L4.2", "H8.3")
def test_announced_work_closes_the_interface_and_says_until_when(
    parties: Certification, let_in: Enter, clock: SetClock, settings: Any
) -> None:
    credential = issued_credential(parties)
    by = parties.by(parties.operator, Role.DCC_CA_OPERATOR)
    start = the_clock.now() + timedelta(days=60)
    window = announce_window(
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        is_planned=True,
        live_down=True,
        test_down=False,
        what="New database",
        by=by,
    )
    assert let_in(credential)
    clock.set(start + timedelta(hours=1))
    with pytest.raises(InterfaceRefusal) as refused:
        let_in(credential)
    answer = refused.value.response()
    assert (answer.status_code, refused.value.code) == (503, "interface.maintenance")
    assert 3595 <= int(answer["Retry-After"]) <= 3601
    assert answer["Content-Type"] == "application/problem+json"
    end_window(window_id=window.pk, by=by)
    assert let_in(credential)


@pytest.mark.clause("L4.2")
def test_work_that_leaves_the_interface_up_turns_nobody_away(
    parties: Certification, let_in: Enter, clock: SetClock
) -> None:
    credential = issued_credential(parties)
    start = the_clock.now() + timedelta(hours=1)
    announce_window(
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        is_planned=False,
        live_down=False,
        test_down=True,
        what="New test data",
        by=parties.by(parties.operator, Role.DCC_CA_OPERATOR),
    )
    clock.set(start + timedelta(minutes=5))
    assert let_in(credential)
    assert code_of(let_in, credential, "test") == "interface.maintenance"


@pytest.mark.clause("L4.5")
def test_entering_costs_one_query(
    parties: Certification, let_in: Enter, django_assert_num_queries: Any
) -> None:
    credential = issued_credential(parties)
    with django_assert_num_queries(1):
        let_in(credential)

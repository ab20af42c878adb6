"""The pages of the room: who may open them, and a ceremony held in the browser by two people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from django.test import Client
from django.urls import reverse

from certification.authorities import states
from certification.authorities.models import Authority, Ceremony
from smki_pma.parties.models import Person
from tests.samples.community import party, person_in

RunJobs = Callable[[], int]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


def plan(client: Client, **changes: str) -> Any:
    given = {
        "submission_key": str(uuid4()),
        "environment": "live",
        "root_dca": "r1",
        "issuing_dca": "D1",
        "root_oca": "R2",
        "issuing_oca": "O1",
        "witnesses": "Wilma Witness\n\nWalter Witness",
    }
    return client.post(reverse("authorities:plan_ceremony"), given | changes)


def approve(client: Client, ceremony: Ceremony, **changes: str) -> Any:
    given = {"script_sha256": ceremony.script_sha256, "read": "on"}
    return client.post(reverse("authorities:approve_ceremony", args=[ceremony.pk]), given | changes)


@pytest.fixture
def ceremony(operators: Any) -> Ceremony:
    return operators.plan()


@pytest.mark.clause("L3.5")
def test_a_ceremony_in_the_browser(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    first, second = signed_in(operators.first), signed_in(operators.second)
    assert first.get(reverse("authorities:plan_ceremony")).status_code == 200
    planned = plan(first)
    ceremony = Ceremony.objects.get()
    assert planned.url == reverse("authorities:show_ceremony", args=[ceremony.pk])
    assert ceremony.names["root_dca"] == "R1"
    assert ceremony.witnesses == ["Wilma Witness", "Walter Witness"]
    assert "Approve the ceremony" in first.get(planned.url).content.decode()
    assert approve(first, ceremony).status_code == 302
    again = first.get(planned.url).content.decode()
    assert "Approve the ceremony" not in again
    assert "Another Certification Authority operator" in again
    assert approve(second, ceremony).status_code == 302
    assert "The worker is carrying out" in second.get(planned.url).content.decode()
    run_jobs()
    done = second.get(planned.url).content.decode()
    assert "Transcript" in done
    assert Ceremony.objects.get().transcript_sha256 in done


def test_the_same_form_plans_once(operators: Any) -> None:
    client = signed_in(operators.first)
    key = str(uuid4())
    assert plan(client, submission_key=key).url == plan(client, submission_key=key).url
    assert Ceremony.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"root_dca": "!"}, "capital letters or digits"),
        ({"witnesses": " "}, "Witnesses"),
    ],
)
def test_a_wrong_plan_is_shown_again(operators: Any, changes: dict[str, str], words: str) -> None:
    answer = plan(signed_in(operators.first), **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Ceremony.objects.exists()


@pytest.mark.clause("L3.5")
def test_a_roll_over_and_a_list_are_planned_from_the_authority(
    operators: Any, keys: Path, run_jobs: RunJobs
) -> None:
    operators.approved()
    run_jobs()
    client, registrar = signed_in(operators.first), signed_in(operators.registrar)
    for kind, view, fields, wrong in (
        ("issuing_dca", "plan_roll_over", {"name": "d2"}, {"name": "D1"}),
        ("root_dca", "plan_root_use", {}, {"witnesses": " "}),
    ):
        authority = Authority.objects.get(kind=kind)
        address = reverse(f"authorities:{view}", args=[authority.pk])
        shown = reverse("authorities:show_authority", args=[authority.pk])
        assert address in client.get(shown).content.decode()
        assert address not in registrar.get(shown).content.decode()
        assert client.get(address).status_code == 200
        given = {"submission_key": str(uuid4()), "witnesses": "Wilma Witness"} | fields
        assert client.post(address, given | wrong).status_code == 422
        assert registrar.post(address, given).status_code == 403
        planned = client.post(address, given)
        ceremony = Ceremony.objects.latest("planned_at")
        assert planned.url == client.post(address, given).url
        assert planned.url == reverse("authorities:show_ceremony", args=[ceremony.pk])
        assert authority.title in client.get(planned.url).content.decode()
    assert Ceremony.objects.count() == 3


def test_approval_needs_the_tick_and_the_script_shown(operators: Any, ceremony: Ceremony) -> None:
    client = signed_in(operators.first)
    unread = approve(client, ceremony, read="")
    assert unread.status_code == 422
    assert "Tick the box" in unread.content.decode()
    other = approve(client, ceremony, script_sha256="0" * 64)
    assert other.status_code == 422
    assert "Read it again" in other.content.decode()
    ceremony.refresh_from_db()
    assert ceremony.state == states.PLANNED


def test_approving_twice_is_refused_on_the_page(operators: Any, ceremony: Ceremony) -> None:
    client = signed_in(operators.first)
    approve(client, ceremony)
    answer = approve(client, ceremony)
    assert answer.status_code == 422
    assert "must be the second" in answer.content.decode()


@pytest.mark.clause("L3.5")
def test_approval_asks_for_a_fresh_second_factor(operators: Any, ceremony: Ceremony, settings: Any) -> None:
    settings.SMKI_MFA_REQUIRED = True
    answer = approve(signed_in(operators.first), ceremony)
    ceremony.refresh_from_db()
    assert answer.status_code == 302
    assert ceremony.state == states.PLANNED


def test_abandoning(operators: Any, ceremony: Ceremony) -> None:
    client = signed_in(operators.second)
    address = reverse("authorities:abandon_ceremony", args=[ceremony.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Wrong names."}).status_code == 302
    assert (
        "Wrong names."
        in client.get(reverse("authorities:show_ceremony", args=[ceremony.pk])).content.decode()
    )


@pytest.mark.clause("L3.5")
def test_the_registrar_reads_and_does_nothing(operators: Any, ceremony: Ceremony) -> None:
    client = signed_in(operators.registrar)
    assert client.get(reverse("authorities:list_authorities")).status_code == 200
    shown = client.get(reverse("authorities:show_ceremony", args=[ceremony.pk]))
    assert "Approve the ceremony" not in shown.content.decode()
    assert plan(client).status_code == 403
    assert approve(client, ceremony).status_code == 403
    ceremony.refresh_from_db()
    assert ceremony.state == states.PLANNED


@pytest.mark.clause("L5.6")
def test_other_people_find_the_authorities_in_the_repository_only(
    operators: Any, keys: Path, run_jobs: RunJobs
) -> None:
    operators.approved()
    run_jobs()
    authority = Authority.objects.all()[0]
    officer = signed_in(person_in("party-officer", "Peter Party", for_party=party("Bright Energy")))
    for address in (
        reverse("authorities:list_authorities"),
        reverse("authorities:show_authority", args=[authority.pk]),
        reverse("authorities:download_certificate", args=[authority.pk, "pem"]),
        reverse("authorities:show_ceremony", args=[authority.ceremony_id]),
    ):
        assert officer.get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_authorities_are_shown_and_handed_over(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    client = signed_in(operators.first)
    assert "no Authority" in client.get(reverse("authorities:list_authorities")).content.decode()
    operators.approved()
    run_jobs()
    listed = client.get(reverse("authorities:list_authorities")).content.decode()
    for authority in Authority.objects.all():
        assert authority.title in listed
        shown = client.get(reverse("authorities:show_authority", args=[authority.pk]))
        assert "BEGIN CERTIFICATE" in shown.content.decode()
        pem = client.get(reverse("authorities:download_certificate", args=[authority.pk, "pem"])).content
        der = client.get(reverse("authorities:download_certificate", args=[authority.pk, "der"])).content
        assert x509.load_pem_x509_certificate(pem) == x509.load_der_x509_certificate(der)
    wrong = reverse("authorities:download_certificate", args=[authority.pk, "txt"])
    assert client.get(wrong).status_code == 404


def test_help_for_subscribers(operators: Any) -> None:
    officer = signed_in(person_in("party-officer", "Peter Party", for_party=party("Bright Energy")))
    page = officer.get(reverse("authorities:csr_help")).content.decode()
    assert "1.3.6.1.4.1.32473.2.1" in page
    assert "Issuing Authority" not in page
    test = officer.get(reverse("authorities:download_recipe", args=["test-device"])).content.decode()
    assert "1.2.826.0.1.8641679.1.2.2.1" in test
    for name in ("device", "test-device", "organisation"):
        assert officer.get(reverse("authorities:download_recipe", args=[name])).status_code == 200
    assert officer.get(reverse("authorities:download_recipe", args=["other"])).status_code == 404

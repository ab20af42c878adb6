"""Key ceremonies: two different people, in time, over one script; the worker acts; all is on record."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from pypdf import PdfReader

from certification.authorities import making, planning, services, states
from certification.authorities.keys import KeyUnavailable
from certification.authorities.models import Authority, Ceremony, Intent
from certification.authorities.profiles import CertificateKind
from certification.authorities.rules import AUTHORITY_KINDS
from certification.authorities.sample_authorities import create_sample_authorities
from certification.authorities.scripts import hash_facts, hash_script
from certification.authorities.selectors import active_authority, chain_pem
from certification.authorities.services import (
    abandon_ceremony,
    complete_ceremony,
    fail_ceremony,
    prepare_ceremony,
)
from repository.certificates.models import Certificate, RevocationList
from smki_pma import files
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.jobs.models import Job
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from smki_pma.records.selectors import records_about
from tests.clock import SetClock
from tests.samples.certification import NAMES

RunJobs = Callable[[], int]
CLOCK = Actor.clock()


def events() -> list[str]:
    return list(EntryText.objects.order_by("number").values_list("event", flat=True))


def test_planning_is_recorded_and_opens_a_duty(operators: Any) -> None:
    ceremony = operators.plan()
    assert ceremony.state == states.PLANNED
    assert ceremony.script_sha256 == hash_script(ceremony.script)
    assert events()[-1:] == ["ceremony.planned"]
    assert Duty.objects.open().get(kind=planning.APPROVE).role == Role.DCC_CA_OPERATOR


@pytest.mark.clause("L3.5")
def test_one_approval_makes_no_key(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    ceremony = operators.approve(operators.plan(), operators.first)
    assert ceremony.state == states.HALF_APPROVED
    assert not Job.objects.filter(kind=services.RUN_CEREMONY).exists()
    run_jobs()
    assert not keys.exists()
    with pytest.raises(RuleViolation):
        prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)


@pytest.mark.clause("L3.5")
def test_nobody_approves_twice(operators: Any) -> None:
    ceremony = operators.approve(operators.plan(), operators.first)
    before = events()
    with pytest.raises(RuleViolation, match="Another"):
        operators.approve(ceremony, operators.first)
    assert events() == before


@pytest.mark.clause("L3.5")
def test_the_database_itself_wants_two_people(operators: Any) -> None:
    ceremony = operators.approve(operators.plan(), operators.first)
    with writing_for_tests(), pytest.raises(IntegrityError), transaction.atomic():
        Ceremony.objects.filter(pk=ceremony.pk).update(second_approved_by=F("first_approved_by"))
    with writing_for_tests(), pytest.raises(IntegrityError), transaction.atomic():
        Ceremony.objects.filter(pk=ceremony.pk).update(state=states.APPROVED)


@pytest.mark.clause("L3.5")
def test_an_approval_lapses(operators: Any, clock: SetClock) -> None:
    ceremony = operators.approve(operators.plan(), operators.first)
    clock.advance(timedelta(minutes=61))
    ceremony = operators.approve(ceremony, operators.second)
    assert ceremony.state == states.HALF_APPROVED
    assert ceremony.first_approved_by == operators.second
    assert operators.approve(ceremony, operators.first).state == states.APPROVED


def test_only_the_script_shown_is_approved(operators: Any) -> None:
    with pytest.raises(RuleViolation, match="Read it again"):
        operators.approve(operators.plan(), operators.first, script_sha256="0" * 64)


@pytest.mark.clause("L3.5")
def test_only_operators(operators: Any) -> None:
    registrar = operators.by(operators.registrar, Role.DCC_RA_OFFICER)
    with pytest.raises(NotEntitled):
        operators.plan(by=registrar)
    ceremony = operators.plan()
    with pytest.raises(NotEntitled):
        operators.approve(ceremony, operators.registrar, by=registrar)
    with pytest.raises(NotEntitled):
        abandon_ceremony(ceremony_id=ceremony.pk, reason="No.", by=registrar)
    with pytest.raises(NotEntitled):
        prepare_ceremony(ceremony_id=ceremony.pk, by=operators.by(operators.first))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"names": NAMES | {CertificateKind.ROOT_DCA: "LONGER"}}, "root_dca"),
        ({"names": NAMES | {CertificateKind.ROOT_DCA: "z"}}, "root_dca"),
        ({"names": NAMES | {CertificateKind.ROOT_DCA: NAMES[CertificateKind.ROOT_OCA]}}, None),
        ({"witnesses": []}, "witnesses"),
    ],
)
def test_plans_that_break_a_rule(operators: Any, changes: dict[str, Any], field: str | None) -> None:
    with pytest.raises(RuleViolation) as refused:
        operators.plan(**changes)
    assert refused.value.field == field
    assert not Ceremony.objects.exists()


def test_live_needs_identifiers_of_its_own_outside_the_sample_community(
    operators: Any, settings: Any
) -> None:
    settings.SMKI_SAMPLE_COMMUNITY = False
    with pytest.raises(RuleViolation, match="live object identifiers are not set") as refused:
        operators.plan()
    assert refused.value.field == "environment"
    settings.SMKI_LIVE_DEVICE_POLICY_OID = "1.2.3.1"
    settings.SMKI_LIVE_ORGANISATION_POLICY_OID = "1.2.3.2"
    settings.SMKI_LIVE_HW_TYPE_OID = "1.2.3.3"
    assert "1.2.3.2" in operators.plan().script[0]


def test_one_ceremony_at_a_time(operators: Any) -> None:
    ceremony = operators.plan()
    with pytest.raises(RuleViolation, match="not finished"):
        operators.plan()
    abandon_ceremony(ceremony_id=ceremony.pk, reason="Wrong names.", by=operators.by(operators.second))
    assert not Duty.objects.open().filter(kind=planning.APPROVE).exists()
    operators.plan()


def test_abandoning_needs_a_reason(operators: Any) -> None:
    ceremony = operators.plan()
    with pytest.raises(RuleViolation, match="why"):
        abandon_ceremony(ceremony_id=ceremony.pk, reason=" ", by=operators.by(operators.first))


@pytest.mark.clause("L3.5")
@pytest.mark.clause("L5.1")
def test_the_worker_makes_certifies_and_lodges_all_four(
    operators: Any, keys: Path, run_jobs: RunJobs
) -> None:
    ceremony = operators.approved()
    assert not Duty.objects.open().filter(kind=planning.APPROVE).exists()
    run_jobs()
    ceremony.refresh_from_db()
    assert ceremony.state == states.DONE
    assert set(Authority.objects.values_list("state", flat=True)) == {states.ACTIVE}
    assert list(Certificate.objects.order_by("id").values_list("kind", flat=True)) == [*AUTHORITY_KINDS]
    assert sorted(RevocationList.objects.values_list("list_kind", flat=True)) == ["arl", "arl", "crl"]
    for authority in Authority.objects.all():
        certificate = x509.load_der_x509_certificate(authority.certificate_der)
        above = authority.parent or authority
        certificate.verify_directly_issued_by(x509.load_der_x509_certificate(above.certificate_der))
        assert Certificate.objects.get(sha256=authority.certificate_sha256).serial == authority.serial
    oca = active_authority(CertificateKind.ISSUING_OCA, "live")
    assert oca is not None
    assert chain_pem(oca).count("BEGIN CERTIFICATE") == 2


@pytest.mark.clause("L3.5")
def test_the_transcript_holds_the_hash_of_everything(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    ceremony = operators.approved()
    run_jobs()
    ceremony.refresh_from_db()
    transcript = ceremony.transcript
    assert ceremony.transcript_sha256 == hash_facts(transcript)
    assert [each["name"] for each in transcript["approvals"]] == ["Olga Operator", "Otto Operator"]
    made = {each["certificate_sha256"] for each in transcript["authorities"]}
    assert made == set(Authority.objects.values_list("certificate_sha256", flat=True))
    assert {each["sha256"] for each in transcript["lists"]} == set(
        RevocationList.objects.values_list("sha256", flat=True)
    )
    assert "ceremony.completed" in events()


def test_the_record_is_a_signed_pdf(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    ceremony = operators.approved()
    run_jobs()
    record = records_about(ceremony).get()
    assert record.is_made
    text = PdfReader(files.store.open_verified(record.sha256)).pages[0].extract_text()
    assert ceremony.reference in text
    assert "Otto Operator" in text


@pytest.mark.clause("L3.5")
def test_nothing_secret_enters_the_database(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    operators.approved()
    run_jobs()
    written = "".join(
        str(row) for model in (Job, Ceremony, Authority, EntryText) for row in model.objects.values_list()
    )
    assert "a passphrase of the tests only" not in written
    assert len(list(keys.iterdir())) == 6


class Killed(BaseException):
    """As if the worker were killed here."""


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("place", ["certify_authorities", "issue_lists", "hash_facts"])
def test_killed_while_signing_the_same_bytes_are_signed_again(
    operators: Any, keys: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    ceremony = prepare_ceremony(ceremony_id=operators.approved().pk, by=CLOCK)
    signed: list[str] = []
    real = making.issuing.sign

    def sign(intent: Intent) -> making.issuing.Signed:
        made = real(intent)
        signed.append(made.sha256)
        return made

    def die(*args: object) -> None:
        if place == "certify_authorities":
            real(Intent.objects.first())
        raise Killed

    monkeypatch.setattr(making.issuing, "sign", sign)
    with monkeypatch.context() as patch:
        patch.setattr(services if place == "hash_facts" else making, place, die)
        with pytest.raises(Killed):
            complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert not Certificate.objects.exists()
    before, signed[:] = list(signed), []
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert len(signed) == 4
    assert before in ([], signed)
    assert set(Certificate.objects.values_list("sha256", flat=True)) == set(signed)


@pytest.mark.clause("L3.5")
def test_killed_while_making_keys(operators: Any, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ceremony = operators.approved()
    with monkeypatch.context() as patch:
        patch.setattr(making, "_wrapped_contingency_key", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert not Authority.objects.exists()
    made = {file.name: file.read_bytes() for file in keys.iterdir()}
    prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert all((keys / name).read_bytes() == content for name, content in made.items())


def test_repeats_change_nothing(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    ceremony = operators.approved()
    run_jobs()
    before = events()
    prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    fail_ceremony(ceremony_id=ceremony.pk, reason="Late.", by=CLOCK)
    assert events() == before


@pytest.mark.clause("L3.5")
def test_without_a_passphrase_it_fails_clearly_and_can_be_planned_again(
    operators: Any, settings: Any, run_jobs: RunJobs, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMKI_CA_PASSPHRASE", raising=False)
    settings.SMKI_PROCESS = "worker"
    ceremony = operators.approved()
    with pytest.raises(KeyUnavailable, match="SMKI_CA_PASSPHRASE"):
        prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    for _ in range(4):
        run_jobs()
        clock.advance(timedelta(hours=1))
    ceremony.refresh_from_db()
    assert ceremony.state == states.FAILED
    assert "SMKI_CA_PASSPHRASE" in ceremony.reason
    operators.plan()


def test_failure_discards_what_was_prepared(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    ceremony = prepare_ceremony(ceremony_id=operators.approved().pk, by=CLOCK)
    fail_ceremony(ceremony_id=ceremony.pk, reason="The token broke.", by=CLOCK)
    assert set(Authority.objects.values_list("state", flat=True)) == {states.DISCARDED}
    again = operators.approved()
    run_jobs()
    again.refresh_from_db()
    assert again.state == states.DONE


def test_a_second_ceremony_supersedes(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    operators.approved()
    run_jobs()
    with pytest.raises(RuleViolation, match="already"):
        operators.plan()
    names = {kind: f"N{number}" for number, kind in enumerate(AUTHORITY_KINDS)}
    ceremony = operators.plan(names=names)
    operators.approve(ceremony, operators.second)
    operators.approve(ceremony, operators.first)
    run_jobs()
    assert Authority.objects.filter(state=states.SUPERSEDED).count() == 4
    active = active_authority(CertificateKind.ISSUING_DCA, "live")
    assert active is not None
    assert active.common_name == "N1"


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (Intent, "tbs", b"other"),
        (Authority, "certificate_der", b"other"),
        (Authority, "key_reference", "other"),
        (Ceremony, "transcript_sha256", "0" * 64),
        (Ceremony, "script_sha256", "0" * 64),
    ],
)
def test_what_was_done_cannot_be_changed(
    operators: Any, keys: Path, run_jobs: RunJobs, model: Any, field: str, value: object
) -> None:
    operators.approved()
    run_jobs()
    row = model.objects.first()
    with writing_for_tests(), pytest.raises(DatabaseError, match=r"final|append"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: value})


def test_sample_authorities_are_made_once(operators: Any, keys: Path) -> None:
    live, test = create_sample_authorities()
    assert live.state == test.state == states.DONE
    assert create_sample_authorities() == [live, test]
    assert {authority.environment for authority in Authority.objects.all()} == {"live", "test"}
    assert "sample" in live.script[0]
    assert "sample" not in test.script[0]


def test_sample_authorities_without_a_key_are_left_to_the_worker(
    operators: Any, settings: Any, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, keys: Path
) -> None:
    settings.SMKI_PROCESS = "web"
    assert {ceremony.state for ceremony in create_sample_authorities()} == {states.APPROVED}
    settings.SMKI_PROCESS = "worker"
    run_jobs()
    assert set(Ceremony.objects.values_list("state", flat=True)) == {states.DONE}

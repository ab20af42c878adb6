"""There is always a CRL: by schedule, on a revocation, by hand; and who is called when there will not be."""

from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography import x509
from django.urls import reverse

from certification.authorities import lists
from certification.authorities import states as ceremony_states
from certification.authorities.lint import LintFailed
from certification.authorities.models import Authority
from certification.authorities.planning import plan_arl
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import active_authority
from certification.authorities.services import approve_ceremony
from certification.requests.suspending import reinstate_services, suspend_services
from certification.requests.suspension_rules import Ground, Service
from certification.revocations import publishing, rejecting, services
from certification.revocations.entries import EntryLost, revoked_by
from certification.revocations.models import Revocation, RevocationRequest
from certification.revocations.rules import Reason
from certification.revocations.selectors import are_lists_in_force, standing_of
from certification.revocations.states import AWAITING_CHECK
from certification.revocations.tasks import watch
from repository.certificates.kinds import Status
from repository.certificates.list_selectors import ListState, with_states
from repository.certificates.models import Certificate, RevocationList
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.community import actor, party
from tests.samples.operators import Operators

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuing(them) -> Authority:
    return Authority.objects.get(kind="issuing_oca")


def suspend_all(them, *services):
    return suspend_services(
        services=[service.value for service in services],
        party_id=None,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 17.",
        by=them.by_registrar,
    )


def crls(authority):
    stored = RevocationList.objects.filter(list_kind="crl", issuer_name=authority.title).order_by("id")
    return [x509.load_der_x509_crl(bytes(each.der)) for each in stored]


def numbers(authority):
    return [
        each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for each in crls(authority)
    ]


def revoke(them, certificate):
    request = services.request_revocation(
        certificate_id=certificate.pk, reason=Reason.WRONG_CONTENT, explanation="Old name.", by=them.by()
    )
    services.grant_revocation(request_id=request.pk, evidence="Called back.", by=them.by_registrar)


@pytest.mark.clause("L3.5")
def test_the_schedule_keeps_a_crl_in_force_for_days(them, issuing, clock, run_jobs):
    start = crls(issuing)[0].last_update_utc
    for step in range(2, 60, 2):
        clock.set(start + timedelta(hours=step))
        watch()
        run_jobs()
        assert are_lists_in_force(at=start + timedelta(hours=step))
    made = crls(issuing)
    assert numbers(issuing) == list(range(1, 7))
    gaps = [after.last_update_utc - before.last_update_utc for before, after in pairwise(made)]
    assert all(gap <= timedelta(hours=12) for gap in gaps)
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE).exists()


@pytest.mark.clause("L3.5")
def test_a_superseded_authority_goes_on(them, issuing, clock, run_jobs):
    with writing_for_tests():
        issuing.state = "superseded"
        issuing.save()
    clock.set(crls(issuing)[0].next_update_utc - timedelta(hours=1))
    watch()
    run_jobs()
    assert numbers(issuing) == [1, 2]


@pytest.mark.clause("L3.5")
def test_an_operator_has_one_made_now(them, issuing, run_jobs):
    by = actor(them.operator, Role.DCC_CA_OPERATOR)
    for wrong in (them.by_registrar, them.by()):
        with pytest.raises(NotEntitled):
            publishing.ask_for_crl(authority_id=issuing.pk, by=wrong)
    with pytest.raises(RuleViolation, match="ceremony of two people"):
        publishing.ask_for_crl(authority_id=issuing.parent_id, by=by)

    publishing.ask_for_crl(authority_id=issuing.pk, by=by)
    run_jobs()

    assert numbers(issuing) == [1, 2]
    rows = with_states(RevocationList.objects.filter(list_kind="crl").order_by("id"), at=issuing.activated_at)
    assert [row.state for row in rows] == [ListState.REPLACED, ListState.IN_FORCE]


@pytest.mark.clause("L3.5")
def test_one_that_is_not_due_is_not_made_twice(them, issuing, certificate, run_jobs):
    revoke(them, certificate)
    run_jobs()
    made = publishing.issue_crl(authority_id=issuing.pk, cause=publishing.REVOCATION, by=Actor.clock())
    assert (made, numbers(issuing)) == (None, [1, 2])
    with pytest.raises(NotEntitled):
        publishing.issue_crl(authority_id=issuing.pk, cause=publishing.BY_HAND, by=them.by_registrar)


@pytest.mark.clause("L3.5")
def test_operators_are_called_once_before_a_crl_expires(them, issuing, clock, run_jobs, monkeypatch):
    def unreachable(*_arguments, **_named):
        raise RuntimeError("no key")

    monkeypatch.setattr(lists, "make_document", unreachable)
    ends = crls(issuing)[0].next_update_utc
    clock.set(ends - timedelta(hours=2))
    watch()
    run_jobs()
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE).exists()
    for minutes in (59, 50, 40):
        clock.set(ends - timedelta(minutes=minutes))
        watch()
        run_jobs()
    duty = Duty.objects.open().get(kind=lists.LIST_DUE)
    assert (duty.role, duty.due_at) == (Role.DCC_CA_OPERATOR, ends)
    assert Notice.objects.filter(subject=f"The CRL is late: {issuing}").count() == 1
    assert EntryText.objects.filter(event="crl.late").count() == 1
    clock.set(ends + timedelta(minutes=1))
    assert not are_lists_in_force(at=ends + timedelta(minutes=1))

    monkeypatch.undo()
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", "a passphrase of the tests only")
    watch()
    run_jobs()
    assert are_lists_in_force(at=ends + timedelta(minutes=1))
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE).exists()


@pytest.mark.clause("L3.5")
def test_an_arl_is_called_for_ahead_of_its_year(them, issuing, clock):
    root = issuing.parent
    ends = standing_of(root, at=issuing.activated_at).facts.next_update_at
    clock.set(ends - timedelta(days=31))
    watch()
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE, subject_id=str(root.pk)).exists()
    clock.set(ends - timedelta(days=30))
    watch()
    duty = Duty.objects.open().get(kind=lists.LIST_DUE, subject_id=str(root.pk))
    assert (duty.role, duty.due_at) == (Role.DCC_CA_OPERATOR, ends)
    assert Notice.objects.filter(subject=f"An ARL is due: {root}").exists()


@pytest.mark.clause("L3.5")
def test_a_list_that_lost_an_entry_is_not_lodged(them, issuing, certificate, run_jobs, monkeypatch):
    revoke(them, certificate)
    run_jobs()
    from certification.authorities import crl

    monkeypatch.setattr(lists, "_sources", [lambda _authority: crl.Revoked()])
    with pytest.raises(LintFailed, match="lost"):
        publishing.issue_crl(authority_id=issuing.pk, cause=publishing.BY_HAND, by=Actor.clock())
    issuing.refresh_from_db()
    assert (numbers(issuing), issuing.last_list_number) == ([1, 2], 2)


@pytest.mark.clause("L3.5")
def test_a_gap_in_the_table_is_noticed(them, issuing, certificate):
    with writing_for_tests():
        Revocation(
            certificate=certificate,
            issuer=issuing,
            position=2,
            serial=certificate.serial,
            revoked_at=certificate.lodged_at,
            reason=Reason.COMPROMISE,
            entry=b"0\x00",
        ).save()
    with pytest.raises(EntryLost):
        revoked_by(issuing)


@pytest.mark.clause("L3.5")
def test_a_revoked_authority_issues_no_more_and_an_arl_names_it(them, issuing, certificate, run_jobs):
    operators = [actor(each, Role.DCC_CA_OPERATOR) for each in (them.operator, them.second_operator)]
    its_own, root = Certificate.objects.get(serial=issuing.serial), issuing.parent
    with pytest.raises(NotEntitled):
        ask_on_compromise(its_own, them.by())
    request = ask_on_compromise(its_own, operators[0])
    services.grant_revocation(request_id=request.pk, evidence="Seen.", by=them.by_registrar)

    issuing.refresh_from_db()
    assert issuing.state == "revoked"
    assert Duty.objects.open().filter(kind=lists.LIST_DUE, subject_id=str(root.pk)).exists()
    ceremony = plan_arl(root_id=root.pk, witnesses=["The test"], by=operators[0])
    for by in operators:
        approve_ceremony(ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=by)
    run_jobs()

    arl = x509.load_der_x509_crl(bytes(RevocationList.objects.get(issuer_name=root.title, number="2").der))
    [entry] = arl
    assert f"{entry.serial_number:032X}" == issuing.serial
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason == x509.ReasonFlags.ca_compromise
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE).exists()
    # What it issued before is still relied on, until it is revoked or expires.
    revoke(them, certificate)
    run_jobs()
    assert len(crls(issuing)[-1]) == 1


def ask_on_compromise(certificate, by):
    return services.request_revocation(
        certificate_id=certificate.pk, reason=Reason.COMPROMISE, explanation="Stolen.", by=by
    )


def read_with_a_purpose(client, person):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    purpose = client.get("/repository/documents/purpose/").context["form"].fields["key"].choices[0][0]
    client.post("/repository/documents/purpose/", {"key": purpose, "purpose": "Checking"})


def fetch(client, pk):
    answer = client.get(reverse("certificates:download_revocation_list", args=[pk]))
    return answer["SMKI-List-State"], answer["Content-Disposition"]


@pytest.mark.clause("L5.1")
def test_a_list_that_is_not_in_force_says_so_to_whoever_fetches_it(them, issuing, client, clock):
    read_with_a_purpose(client, them.officer)
    first = RevocationList.objects.get(issuer_name=issuing.title)
    assert fetch(client, first.pk) == ("in force", 'attachment; filename="crl-1.crl"')

    clock.set(first.next_update_at)
    read_with_a_purpose(client, them.officer)
    assert fetch(client, first.pk) == ("expired", 'attachment; filename="crl-1-expired.crl"')
    page = client.get(reverse("certificates:list_revocation_lists"))
    assert b"Its next update has passed" in page.content
    ready = client.get("/readyz").json()
    assert ready["revocation_lists"] is False

    publishing.issue_crl(authority_id=issuing.pk, cause=publishing.SCHEDULE, by=Actor.clock())
    assert fetch(client, first.pk) == ("replaced", 'attachment; filename="crl-1-replaced.crl"')
    assert client.get("/readyz").json()["revocation_lists"] is True


@pytest.mark.clause("L2.14", "L3.5")
def test_lists_and_revocation_go_on_unless_the_instruction_says_otherwise(
    them, issuing, certificate, clock, run_jobs
):
    suspend_all(them, Service.ISSUE_ORGANISATION, Service.ISSUE_DEVICE, Service.BATCH)
    revoke(them, certificate)
    run_jobs()
    assert numbers(issuing) == [1, 2]

    held = suspend_all(them, Service.REVOKE, Service.LISTS)
    with pytest.raises(RuleViolation, match=r"L2\.14"):
        rejecting.reject_certificate(certificate_id=certificate.pk, explanation="Wrong.", by=them.by())
    clock.set(crls(issuing)[-1].next_update_utc - timedelta(hours=1))
    watch()
    run_jobs()
    assert numbers(issuing) == [1, 2]
    reinstate_services(suspension_id=held.pk, instruction="Resolution 18.", by=them.by_registrar)
    watch()
    run_jobs()
    assert numbers(issuing) == [1, 2, 3]


@pytest.mark.clause("L2.14", "L3.4")
def test_a_request_in_hand_is_not_granted_while_revocation_is_suspended(them, certificate, run_jobs):
    request = services.request_revocation(
        certificate_id=certificate.pk, reason=Reason.COMPROMISE, explanation="Stolen.", by=them.by()
    )
    held = suspend_all(them, Service.REVOKE)
    with pytest.raises(RuleViolation, match=r"request waits.*L2\.14"):
        services.grant_revocation(request_id=request.pk, evidence="Called.", by=them.by_registrar)
    request.refresh_from_db()
    certificate.refresh_from_db()
    assert request.state == AWAITING_CHECK
    assert certificate.status != Status.REVOKED

    reinstate_services(suspension_id=held.pk, instruction="Resolution 18.", by=them.by_registrar)
    services.grant_revocation(request_id=request.pk, evidence="Called.", by=them.by_registrar)
    certificate.refresh_from_db()
    assert certificate.status == Status.REVOKED


@pytest.mark.clause("L2.14", "M8.4(f)")
def test_revocation_suspended_to_another_holds_nobody_else(them, certificate):
    other = party("Other Energy")
    suspend_services(
        services=[Service.REVOKE.value],
        party_id=other.pk,
        ground=Ground.PANEL_INSTRUCTION,
        instruction="Panel, 3.",
        by=them.by_registrar,
    )
    revoke(them, certificate)
    certificate.refresh_from_db()
    assert certificate.status == Status.REVOKED


@pytest.mark.clause("L2.14", "L3.4")
def test_an_authoritys_certificate_is_held_by_a_suspension_for_all(them, issuing):
    own = Certificate.objects.get(sha256=issuing.certificate_sha256)
    suspend_all(them, Service.REVOKE)
    with pytest.raises(RuleViolation, match=r"L2\.14"):
        services.request_revocation(
            certificate_id=own.pk, reason=Reason.COMPROMISE, explanation="Stolen.", by=them.by_registrar
        )
    assert not RevocationRequest.objects.exists()


@pytest.mark.clause("L2.14", "L3.5")
def test_no_list_is_made_whatever_asks_while_lists_are_suspended(them, issuing, run_jobs, client):
    """Not by a job that was in hand, not by an operator, not in a ceremony that two people had approved."""
    operators = Operators(first=them.operator, second=them.second_operator, registrar=them.registrar)
    root, by = issuing.parent, them.by(them.operator, Role.DCC_CA_OPERATOR)
    approved = operators.approved(operators.arl(root))
    held = suspend_all(them, Service.LISTS)
    before = RevocationList.objects.count()

    for ask in (
        lambda: operators.arl(root),
        lambda: publishing.ask_for_crl(authority_id=issuing.pk, by=by),
    ):
        with pytest.raises(RuleViolation, match=r"Reinstate them first.*L2\.14"):
            ask()
    assert publishing.issue_crl(authority_id=issuing.pk, cause=publishing.BY_HAND, by=Actor.clock()) is None
    run_jobs()
    approved.refresh_from_db()
    assert approved.state == ceremony_states.RUNNING
    assert RevocationList.objects.count() == before
    client.force_login(them.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("authorities:show_ceremony", args=[approved.pk])
    assert "carried out when they are reinstated" in client.get(page).content.decode()

    reinstate_services(suspension_id=held.pk, instruction="Resolution 18.", by=them.by_registrar)
    run_jobs()

    approved.refresh_from_db()
    assert approved.state == ceremony_states.DONE
    assert RevocationList.objects.count() == before + 1
    assert "reinstated" not in client.get(page).content.decode()


@pytest.mark.clause("L2.14")
def test_a_ceremony_without_a_list_goes_on(them, run_jobs):
    operators = Operators(first=them.operator, second=them.second_operator, registrar=them.registrar)
    present = active_authority(CertificateKind.ISSUING_DCA, "live")
    suspend_all(them, Service.LISTS)
    ceremony = operators.approved(operators.roll_over(present, "D2"))
    run_jobs()
    ceremony.refresh_from_db()
    assert ceremony.state == ceremony_states.DONE

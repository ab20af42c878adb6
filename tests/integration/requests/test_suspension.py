"""An instruction stops new requests at once, holds what is in hand, and lets it go when reinstated."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.requests.issuance import issue_certificate
from certification.requests.models import CertificateRequest, Suspension
from certification.requests.services import accept_request
from certification.requests.states import AWAITING_CHECK, BEING_ISSUED, ISSUED
from certification.requests.suspending import reinstate_services, suspend_services
from certification.requests.suspension import check_not_suspended, is_held
from certification.requests.suspension_rules import ISSUING, Ground, Service
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock as time
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.jobs.models import Job
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.certification import complete_tests
from tests.samples.community import actor, party, person_in
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = "SMKI PMA, meeting of 22 November 2026, resolution 12"


@pytest.fixture
def suspend(them):
    def run(*services, everybody=False, of=None, ground=Ground.PMA_INSTRUCTION, **arguments):
        given = {
            "services": [service.value for service in services or ISSUING],
            "party_id": None if everybody else (of or them.subscriber).pk,
            "ground": ground,
            "instruction": WORDS,
            "by": actor(them.operator, Role.DCC_CA_OPERATOR),
        }
        return suspend_services(**given | arguments)

    return run


def reinstate(them, suspension, **arguments):
    given = {"instruction": "SMKI PMA, resolution 13", "by": actor(them.operator, Role.DCC_CA_OPERATOR)}
    return reinstate_services(suspension_id=suspension.pk, **given | arguments)


@pytest.mark.clause("L2.14", "M8.4(f)", "L3.4")
@pytest.mark.parametrize(
    ("ground", "provision", "clause"),
    [
        (Ground.PMA_INSTRUCTION, "", "L2.14"),
        (Ground.PANEL_INSTRUCTION, "", "M8.4(f)"),
        (Ground.RAPP, "RAPP 5.2", "L3.4"),
    ],
)
def test_a_new_request_is_refused_with_the_clause_and_nothing_is_kept(
    them, suspend, ground, provision, clause
):
    suspend(ground=ground, provision=provision)
    before = Entry.objects.count()

    with pytest.raises(RuleViolation) as refused:
        them.submit(device().make())

    assert refused.value.clause.id == clause
    assert (CertificateRequest.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.clause("L2.14")
def test_what_is_in_hand_is_held_and_issued_on_reinstatement(them, suspend, run_jobs):
    in_hand = them.submit(device().make())
    suspension = suspend(Service.ISSUE_DEVICE, everybody=True)
    run_jobs()
    in_hand.refresh_from_db()
    assert in_hand.state == BEING_ISSUED
    issue_certificate(request_uid=in_hand.uid, by=Actor.clock())
    in_hand.refresh_from_db()
    assert in_hand.certificate is None
    held = in_hand.job_id

    reinstate(them, suspension)
    in_hand.refresh_from_db()
    assert in_hand.job_id != held
    assert Job.objects.get(pk=in_hand.job_id).key == f"certificates.issue:{in_hand.uid}:{suspension.pk}"
    run_jobs()

    in_hand.refresh_from_db()
    assert in_hand.state == ISSUED
    assert them.submit(device().make()).state == BEING_ISSUED


@pytest.mark.clause("L2.14")
def test_everybody_is_told_by_the_same_queries_whatever_their_number(them, suspend):
    def told():
        earlier = list(Notice.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            suspension = suspend(Service.ISSUE_DEVICE, everybody=True)
        notice = Notice.objects.exclude(pk__in=earlier).get(subject="SMKI Services are suspended")
        reinstate(them, suspension)
        return len(asked), set(notice.deliveries.values_list("person__name", flat=True))

    before, _ = told()
    names = ["Ada", "Bea", "Cleo"]
    for name in names:
        other = party(f"{name} Energy")
        complete_tests(other)
        them.authorise(other, person_in("party-officer", name, for_party=other), Policy.DEVICE)
    person_in("party-officer", "Nora", for_party=party("Nobody Energy"))
    after, sent = told()
    assert after == before
    assert sent == {*names, them.officer.name}


@pytest.mark.clause("L2.14")
def test_another_suspension_still_holds(them, suspend, run_jobs):
    in_hand = them.submit(device().make())
    first = suspend(Service.ISSUE_DEVICE)
    suspend(Service.ISSUE_DEVICE, everybody=True)
    reinstate(them, first)
    run_jobs()

    in_hand.refresh_from_db()
    assert in_hand.state == BEING_ISSUED


@pytest.mark.clause("L2.14", "L3.4")
def test_nothing_outside_the_instruction_stops(them, suspend):
    other = party("Other Energy")
    suspend(Service.ISSUE_ORGANISATION, Service.BATCH)
    suspend(Service.ISSUE_DEVICE, of=other)
    at = time.now()

    assert them.submit(device().make()).state == BEING_ISSUED
    with pytest.raises(RuleViolation):
        them.submit(organisation().make(), policy=Policy.ORGANISATION)
    with pytest.raises(RuleViolation):
        check_not_suspended(party_id=them.subscriber.pk, at=at, service=Service.BATCH)
    # Not to be issued Device Certificates is not to be issued them in a batch.
    assert is_held(party_id=other.pk, service=Service.BATCH, at=at)
    for service in (Service.REVOKE, Service.LISTS):
        assert not is_held(party_id=them.subscriber.pk, service=service, at=at)
        assert not is_held(party_id=None, service=service, at=at)


@pytest.mark.clause("L2.14")
def test_a_request_that_waits_is_not_accepted(them, suspend):
    waiting = them.submit(organisation().make(), policy=Policy.ORGANISATION)
    suspend(Service.ISSUE_ORGANISATION, everybody=True)
    with pytest.raises(RuleViolation):
        accept_request(request_uid=waiting.uid, by=them.by_registrar)
    waiting.refresh_from_db()
    assert waiting.state == AWAITING_CHECK


@pytest.mark.clause("L2.6", "L2.14", "M8.4(f)", "L3.4")
@pytest.mark.parametrize(
    ("wrong", "clause"),
    [
        ({"ground": Ground.PANEL_INSTRUCTION, "everybody": True}, "M8.4(f)"),
        ({"ground": Ground.RAPP}, "L3.4"),
        ({"ground": Ground.CERTIFICATE_POLICY, "provision": "DCP 4.1", "everybody": True}, "L3.4"),
        ({"instruction": " "}, "L2.14"),
        ({"services": []}, "L2.14"),
        ({"services": ["everything"]}, "L2.14"),
        ({"services": ["lists"]}, "L2.14"),
    ],
)
def test_without_a_named_ground_and_a_fitting_scope_nothing_is_suspended(suspend, wrong, clause):
    with pytest.raises(RuleViolation) as refused:
        suspend(**wrong)
    assert refused.value.clause.id == clause
    assert not Suspension.objects.exists()


@pytest.mark.clause("L2.6", "L2.14")
def test_the_panels_instruction_never_touches_dcc_and_the_pmas_may(them, suspend):
    with pytest.raises(RuleViolation) as refused:
        suspend(of=them.dcc, ground=Ground.PANEL_INSTRUCTION)
    assert refused.value.clause.id == "L2.6"
    assert suspend(of=them.dcc).party == them.dcc


@pytest.mark.clause("L2.14", "L3.4")
def test_only_dcc_and_the_pma_as_a_body_suspend_and_reinstate(them, suspend):
    chair = person_in("chair", "Clara Chair")
    for by in (them.by(), actor(chair, Role.PMA_CHAIR), Actor.clock()):
        with pytest.raises(NotEntitled):
            suspend(by=by)
    body = Actor.pma(uuid4(), "R-12", actor(chair, Role.PMA_CHAIR))
    with pytest.raises(NotEntitled):
        suspend(by=body, ground=Ground.PANEL_INSTRUCTION)
    suspension = suspend(by=body)
    with pytest.raises(NotEntitled):
        reinstate(them, suspension, by=them.by())
    assert reinstate(them, suspension, by=body).ended_at


@pytest.mark.clause("L2.14")
def test_one_entry_each_told_to_whom_it_touches_and_a_repeat_changes_nothing(them, suspend):
    other = person_in("party-officer", "Otis Other", for_party=party("Other Energy"))
    before = Entry.objects.count()
    suspension = suspend()
    reinstate(them, suspension)
    reinstate(them, suspension)

    entries = EntryText.objects.filter(number__gte=before).order_by("number")
    assert list(entries.values_list("event", "audience")) == [
        ("services.suspended", "cps"),
        ("services.reinstated", "cps"),
    ]
    assert WORDS not in entries[0].content
    told = Notice.objects.filter(deliveries__person=them.officer).values_list("subject", flat=True)
    assert {"SMKI Services are suspended", "SMKI Services are reinstated"} <= set(told)
    assert not Notice.objects.filter(deliveries__person=other).exists()


def test_the_database_keeps_the_instruction_and_the_end(them, suspend):
    suspension = suspend()
    for changes in ({"services": ["lists"]}, {"ended_at": time.now()}):
        with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
            Suspension.objects.filter(pk=suspension.pk).update(**changes)
    reinstate(them, suspension)
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Suspension.objects.filter(pk=suspension.pk).update(reinstatement="Never")


@pytest.mark.clause("L2.14")
def test_the_pages(client, them):
    client.force_login(them.operator, backend=BACKEND)
    page = client.get(reverse("requests:suspend_services"))
    form = page.context["form"]
    assert form["services"].value() == [service.value for service in ISSUING]
    answer = {
        "submission_key": form["submission_key"].value(),
        "ground": Ground.PMA_INSTRUCTION.value,
        "instruction": WORDS,
        "party": "everybody",
        "services": ["issue_device", "lists"],
    }
    wrong = client.post(reverse("requests:suspend_services"), answer | {"instruction": ""})
    assert wrong.status_code == 422
    for _ in range(2):
        assert client.post(reverse("requests:suspend_services"), answer).status_code == 302
    suspension = Suspension.objects.get()
    assert (suspension.services, suspension.party) == (["issue_device", "lists"], None)
    assert WORDS in client.get(reverse("requests:list_suspensions")).content.decode()

    client.force_login(them.officer, backend=BACKEND)
    assert client.get(reverse("requests:list_suspensions")).status_code == 403
    client.force_login(person_in("chair", "Clara Chair"), backend=BACKEND)
    page = client.get(reverse("requests:list_suspensions"))
    assert WORDS in page.content.decode()
    assert "Reinstate<" not in page.content.decode()

    client.force_login(them.operator, backend=BACKEND)
    url = reverse("requests:reinstate_services", args=[suspension.pk])
    assert client.post(url, {"instruction": "Resolution 13"}).status_code == 302
    assert "Nothing is suspended" in client.get(reverse("requests:list_suspensions")).content.decode()


@pytest.mark.clause("L2.14")
def test_whoever_is_about_to_hand_in_reads_of_it_before(client, them, suspend):
    client.force_login(them.officer, backend=BACKEND)
    pages = (reverse("requests:submit_request", args=["device"]), reverse("batches:submit_batch"))
    words = "The SMKI PMA has instructed DCC to suspend this service."
    assert not any(words in client.get(url).content.decode() for url in pages)
    suspend(Service.ISSUE_DEVICE)
    assert all(client.get(url).content.decode().count(words) == 1 for url in pages)


@pytest.mark.clause("L2.15(c)")
def test_a_suspension_of_everybody_is_read_by_the_pma_and_dcc(them, suspend):
    """The Panel decides whether others are told; those whom it touches have a notice."""
    suspension = suspend(everybody=True)
    reinstate(them, suspension)
    told = EntryText.objects.filter(event__in=["services.suspended", "services.reinstated"])
    assert {entry.audience for entry in told} == {"cps"}
    assert len(told) == 2

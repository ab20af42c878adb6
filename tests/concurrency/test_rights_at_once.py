"""A right ends at the very moment at which it is used: the use came first, or it is refused. Never the other way.

What came first is what the ledger has first.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from certification.batches import checking, chunks
from certification.batches.models import Batch
from certification.batches.services import hand_in_batch, submitting
from certification.requests import issuance, services
from certification.requests.models import CertificateRequest
from certification.requests.services import accept_request
from certification.requests.states import AWAITING_CHECK, BEING_ISSUED, ISSUED
from certification.requests.suspending import reinstate_services, suspend_services
from certification.requests.suspension_rules import Ground, Service
from certification.subscribers import register
from certification.subscribers import services as subscribing
from certification.subscribers.models import Eui64Range
from certification.subscribers.rules import Ground as End
from certification.subscribers.rules import Policy
from certification.subscribers.services import withdraw_subscriber
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from tests.samples.certification import (
    PASSPHRASE,
    Certification,
    certification,
    make_authorities,
    use_keys_in,
)
from tests.samples.signing_requests import device, organisation
from tests.samples.zips import device_requests, zip_of
from tests.together import at_once, in_the_middle

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = (NotEntitled, RuleViolation)
Act = Callable[[], Any]


@pytest.fixture
def them(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Certification:
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, tmp_path)
    made = certification()
    make_authorities(made.operator, made.second_operator)
    return made


def withdrawing(them: Certification, policy: Policy = Policy.DEVICE) -> Act:
    subscriber, by = them.subscriber.authorisations.get(policy=policy), them.by()
    return lambda: withdraw_subscriber(subscriber_id=subscriber.pk, ground=End.PARTY_REQUEST, by=by)


def suspending(them: Certification, *services: Service) -> Act:
    by = them.by(them.operator, Role.DCC_CA_OPERATOR)
    return lambda: suspend_services(
        services=[each.value for each in services],
        party_id=them.subscriber.pk,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=by,
    )


def requesting(them: Certification) -> Act:
    csr, by = device().make(), them.by()
    return lambda: them.submit(csr, by=by)


def batching(them: Certification, count: int = 2) -> Act:
    content, by, key = zip_of(device_requests(count)), them.by(), uuid4()
    named = {"content": content, "file_name": "a.zip", "submission_key": key, "by": by}
    return lambda: hand_in_batch(party_id=them.subscriber.pk, **named)


def first_of(event: str) -> int:
    """Where the ledger has the first entry of an event."""
    found = EntryText.objects.filter(event=event).order_by("number").first()
    assert found is not None, event
    return found.number


def check_order(earlier: str, later: str) -> None:
    assert first_of(earlier) < first_of(later)


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize("hand_in", ["single", "batch"])
def test_what_is_handed_in_before_the_withdrawal_is_received_before_it(
    them: Certification, monkeypatch: pytest.MonkeyPatch, hand_in: str
) -> None:
    act, owner, step, event = {
        "single": (requesting(them), services, "_validate", "request.received"),
        "batch": (batching(them), submitting, "_only_request", "batch.submitted"),
    }[hand_in]

    handed_in, withdrawn = in_the_middle(monkeypatch, owner, step, of=act, do=withdrawing(them))

    assert not isinstance(handed_in, Exception), handed_in
    check_order(event, "subscriber.withdrawn")
    assert handed_in.submitted_at <= withdrawn.withdrawn_at


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize("hand_in", [requesting, batching])
def test_what_is_handed_in_while_the_authorisation_is_withdrawn_is_refused(
    them: Certification, monkeypatch: pytest.MonkeyPatch, hand_in: Callable[[Certification], Act]
) -> None:
    _, refused = in_the_middle(monkeypatch, subscribing, "_record", of=withdrawing(them), do=hand_in(them))

    assert isinstance(refused, NotEntitled)
    assert not CertificateRequest.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.clause("L3.4")
def test_many_requests_and_a_withdrawal_as_it_happens(them: Certification, run_jobs: Any) -> None:
    """Whoever is quicker: every request in the ledger stands before the withdrawal, all others are refused."""
    *results, withdrawn = at_once(
        *[requesting(them) for _ in range(4)], batching(them), withdrawing(them), catching=REFUSED
    )

    taken = [result for result in results if not isinstance(result, Exception)]
    assert CertificateRequest.objects.count() + Batch.objects.count() == len(taken)
    handed_in = EntryText.objects.filter(event__in=["request.received", "batch.submitted"])
    end = first_of("subscriber.withdrawn")
    assert [each.number for each in handed_in if each.number > end] == []
    run_jobs()
    assert Certificate.objects.filter(kind="device").count() == sum(
        2 if isinstance(result, Batch) else 1 for result in taken
    )
    with pytest.raises(NotEntitled):
        requesting(them)()


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize("ends", ["authorisation", "range"])
def test_an_organisation_request_is_not_accepted_on_a_ground_that_ends_meanwhile(
    them: Certification, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """The officer's checks have passed when the Party withdraws: the withdrawal waits for the acceptance."""
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    span, by = Eui64Range.objects.get(), them.by_second_registrar
    act, event = {
        "authorisation": (withdrawing(them, Policy.ORGANISATION), "subscriber.withdrawn"),
        "range": (lambda: register.end_range(range_id=span.pk, by=by), "subscriber.range_ended"),
    }[ends]
    registrar = them.by_registrar

    accepted, _ = in_the_middle(
        monkeypatch,
        services,
        "checked_csr",
        of=lambda: accept_request(request_uid=request.uid, by=registrar),
        do=act,
    )

    assert not isinstance(accepted, Exception), accepted
    check_order("request.received", event)


@pytest.mark.clause("L3.4")
def test_an_organisation_request_is_not_accepted_while_the_authorisation_is_withdrawn(
    them: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    by = them.by_registrar

    _, refused = in_the_middle(
        monkeypatch,
        subscribing,
        "_record",
        of=withdrawing(them, Policy.ORGANISATION),
        do=lambda: accept_request(request_uid=request.uid, by=by),
    )

    assert isinstance(refused, RuleViolation)
    request.refresh_from_db()
    assert request.state == AWAITING_CHECK


@pytest.mark.clause("L2.14")
@pytest.mark.parametrize("hand_in", ["single", "batch"])
def test_what_is_handed_in_before_a_suspension_is_received_before_it_and_held(
    them: Certification, monkeypatch: pytest.MonkeyPatch, run_jobs: Any, hand_in: str
) -> None:
    act, owner, step, event, service = {
        "single": (requesting(them), services, "_validate", "request.received", Service.ISSUE_DEVICE),
        "batch": (batching(them), submitting, "_only_request", "batch.submitted", Service.BATCH),
    }[hand_in]

    handed_in, suspension = in_the_middle(monkeypatch, owner, step, of=act, do=suspending(them, service))

    assert not isinstance(handed_in, Exception), handed_in
    check_order(event, "services.suspended")
    assert handed_in.submitted_at <= suspension.starts_at
    run_jobs()
    assert not Certificate.objects.filter(kind="device").exists()
    by = them.by(them.operator, Role.DCC_CA_OPERATOR)
    reinstate_services(suspension_id=suspension.pk, instruction="Resolution 13", by=by)
    run_jobs()
    assert Certificate.objects.filter(kind="device").exists()


@pytest.mark.clause("L2.14")
@pytest.mark.parametrize("hand_in", [requesting, batching])
def test_what_is_handed_in_while_a_suspension_begins_is_refused(
    them: Certification, monkeypatch: pytest.MonkeyPatch, hand_in: Callable[[Certification], Act]
) -> None:
    from certification.requests import suspending as module

    act = suspending(them, Service.ISSUE_DEVICE, Service.BATCH)
    _, refused = in_the_middle(monkeypatch, module, "_tell", of=act, do=hand_in(them))

    assert isinstance(refused, RuleViolation)
    assert not CertificateRequest.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.clause("L2.14")
def test_nothing_is_issued_once_a_suspension_stands(
    them: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has begun to sign: the suspension stands after the Certificate, not before it."""
    request, clock = requesting(them)(), Actor.clock()

    issued, suspension = in_the_middle(
        monkeypatch,
        issuance.issuing,
        "sign",
        of=lambda: issuance.issue_certificate(request_uid=request.uid, by=clock),
        do=suspending(them, Service.ISSUE_DEVICE),
    )

    assert issued.state == ISSUED
    check_order("request.issued", "services.suspended")
    assert issued.sent_at <= suspension.starts_at


@pytest.mark.clause("L2.14")
def test_no_chunk_is_issued_once_a_suspension_stands(
    them: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, clock = batching(them)(), Actor.clock()
    checking.check_and_unpack(batch.uid)

    _, suspension = in_the_middle(
        monkeypatch,
        chunks,
        "lodge_many",
        of=lambda: chunks.issue(batch.uid, 0, by=clock),
        do=suspending(them, Service.BATCH),
    )

    check_order("batch.chunk_issued", "services.suspended")
    assert Certificate.objects.filter(kind="device").count() == 2
    assert Certificate.objects.filter(kind="device", lodged_at__gt=suspension.starts_at).count() == 0


@pytest.mark.clause("L2.14")
def test_a_chunk_that_was_signed_when_a_suspension_began_is_not_lodged(
    them: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, clock = batching(them)(), Actor.clock()
    checking.check_and_unpack(batch.uid)

    in_the_middle(
        monkeypatch,
        chunks.issuers,
        "sign",
        of=lambda: chunks.issue(batch.uid, 0, by=clock),
        do=suspending(them, Service.BATCH),
    )

    assert not Certificate.objects.filter(kind="device").exists()
    assert CertificateRequest.objects.filter(state=BEING_ISSUED).count() == 0


def reinstating(them: Certification, suspension: Any) -> Act:
    by = them.by(them.operator, Role.DCC_CA_OPERATOR)
    return lambda: reinstate_services(suspension_id=suspension.pk, instruction="Resolution 13", by=by)


@pytest.mark.clause("L2.14")
def test_a_batch_that_is_unpacked_while_services_are_reinstated_is_issued(
    them: Certification, monkeypatch: pytest.MonkeyPatch, run_jobs: Any
) -> None:
    """Its chunks stand after the reinstatement has looked, and before it is over: they do not leave for good."""
    from certification.requests import suspending as module

    batch = batching(them)()
    suspension = suspending(them, Service.BATCH)()
    issuing = threading.Thread(target=lambda: at_once(run_jobs))
    tell = module._tell

    def meanwhile(*arguments: Any, **named: Any) -> None:
        at_once(lambda: checking.check_and_unpack(batch.uid))
        issuing.start()
        issuing.join(3)  # it waits for the reinstatement, or it has left
        tell(*arguments, **named)

    monkeypatch.setattr(module, "_tell", meanwhile)
    reinstating(them, suspension)()
    issuing.join()

    run_jobs()
    assert Certificate.objects.filter(kind="device").count() == 2


@pytest.mark.clause("L2.14")
def test_the_last_of_two_suspensions_sets_free_what_both_held(
    them: Certification, monkeypatch: pytest.MonkeyPatch, run_jobs: Any
) -> None:
    from certification.requests import suspending as module

    request = requesting(them)()
    first, second = suspending(them, Service.ISSUE_DEVICE)(), suspending(them, Service.ISSUE_DEVICE)()
    run_jobs()

    in_the_middle(monkeypatch, module, "_tell", of=reinstating(them, first), do=reinstating(them, second))

    run_jobs()
    request.refresh_from_db()
    assert request.state == ISSUED

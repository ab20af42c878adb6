"""A key on a loaded list is refused, whenever it comes and whatever the route."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from certification.authorities.csr import check_csr
from certification.authorities.environments import environment
from certification.authorities.profiles import CertificateKind
from certification.requests.selectors import organisation_checks
from certification.requests.services import accept_request
from certification.requests.states import BEING_ISSUED, REFUSED
from certification.subscribers.rules import Policy
from certification.weak_keys.models import KnownWeakKey, WeakKeyList
from certification.weak_keys.selectors import find_weak, is_weak
from certification.weak_keys.services import load_weak_keys
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from tests.samples.signing_requests import device, key_info, organisation, point_of

pytestmark = pytest.mark.django_db
OWNER = Actor.owner("Olive Owner")


def spki(recipe):
    return key_info(point_of(recipe.key))


def listed(*recipes):
    lines = [hashlib.sha256(spki(recipe)).hexdigest() for recipe in recipes]
    return "\n".join(lines).encode()


@pytest.mark.clause("L3.5")
def test_a_weak_key_is_refused_and_another_is_not(them):
    weak, strong = device(), device()
    load_weak_keys(content=listed(weak), source="a test", by=OWNER)
    refused, taken = them.submit(weak.make()), them.submit(strong.make())
    assert (refused.state, [fault["code"] for fault in refused.faults]) == (REFUSED, ["csr.key.known_weak"])
    assert taken.state == BEING_ISSUED


@pytest.mark.clause("L3.5")
def test_a_key_that_becomes_known_while_the_request_waits_is_not_certified(them):
    """And the officer sees why."""
    recipe = organisation()
    request = them.submit(recipe.make(), policy=Policy.ORGANISATION)
    load_weak_keys(content=listed(recipe), source="a test", by=OWNER)
    [failed] = [check for check in organisation_checks(request) if not check.passed]
    assert "keys known to be weak" in failed.why
    with pytest.raises(RuleViolation, match="known to be weak"):
        accept_request(request_uid=request.uid, by=them.by_registrar)


def test_a_batch_asks_once_for_all_its_keys(django_assert_num_queries, db):
    recipes = [device() for _ in range(3)]
    load_weak_keys(content=listed(*recipes[:2]), source="a test", by=OWNER)
    digests = [hashlib.sha256(spki(recipe)).digest() for recipe in recipes]
    with django_assert_num_queries(1):
        assert find_weak(digests) == frozenset(digests[:2])
    assert [is_weak(spki(recipe)) for recipe in recipes] == [True, True, False]


def test_the_same_file_once_and_an_overlapping_one_adds_what_is_new(db):
    one, two = device(), device()
    first = load_weak_keys(content=listed(one), source="a test", by=OWNER)
    assert load_weak_keys(content=listed(one), source="again", by=OWNER) == first
    load_weak_keys(content=listed(one, two), source="another", by=OWNER)
    assert (WeakKeyList.objects.count(), KnownWeakKey.objects.count()) == (2, 2)
    assert EntryText.objects.filter(event="weak_keys.loaded").count() == 2


def test_only_the_owner_and_operators_load(them):
    with pytest.raises(NotEntitled):
        load_weak_keys(content=listed(device()), source="a test", by=them.by())


def test_a_known_weak_key_stays_known(db):
    load_weak_keys(content=listed(device()), source="a test", by=OWNER)
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        KnownWeakKey.objects.all().delete()


def test_the_command(db, tmp_path):
    recipe = device()
    file = tmp_path / "keys.txt"
    file.write_bytes(b"# leaked\n" + listed(recipe) + b"\n")
    said = StringIO()
    call_command("load_weak_keys", str(file), source="a test", stdout=said)
    assert "1 keys" in said.getvalue()
    outcome = check_csr(recipe.make(), CertificateKind.DEVICE, environment("live"), is_weak)
    assert [fault.code for fault in outcome.faults] == ["csr.key.known_weak"]
    file.write_text("rubbish")
    with pytest.raises(CommandError, match="Line 1"):
        call_command("load_weak_keys", str(file), source="a test")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_weak_keys", str(tmp_path / "absent"), source="a test")

"""Who is authorised, refused or withdrawn, and on what ground."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.subscribers.rules import (
    Finding,
    Ground,
    Policy,
    check_authorisation,
    check_entry_tests,
    check_officers,
    check_range,
    check_refusal,
    check_role_codes,
    check_withdrawal,
    compute_missing_steps,
    steps_for,
)
from smki_pma.clauses import RuleViolation

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIRST, SECOND = uuid4(), uuid4()


def findings(policy, **changes):
    found = {step.key: Finding(met=True, recorded_by=FIRST) for step in steps_for(policy)} | changes
    return {key: finding for key, finding in found.items() if finding is not None}


@pytest.mark.clause("L7.1", "L3.2")
@pytest.mark.parametrize("policy", list(Policy))
def test_only_completed_tests_open_the_application(policy):
    check_entry_tests(policy, confirmed_at=NOW, at=NOW)
    for confirmed_at in (None, NOW + timedelta(seconds=1)):
        with pytest.raises(RuleViolation, match="not completed"):
            check_entry_tests(policy, confirmed_at=confirmed_at, at=NOW)


@pytest.mark.clause("L3.3")
@pytest.mark.parametrize("policy", list(Policy))
def test_every_step_met_and_a_second_officer_authorise(policy):
    check_authorisation(policy, findings(policy), by=SECOND)


@pytest.mark.clause("L3.3")
@pytest.mark.parametrize("policy", list(Policy))
def test_the_officer_who_verified_does_not_authorise(policy):
    with pytest.raises(RuleViolation, match="Another Registration Authority officer"):
        check_authorisation(policy, findings(policy), by=FIRST)


@pytest.mark.clause("L3.3")
@pytest.mark.parametrize(
    ("policy", "step"), [(policy, step) for policy in Policy for step in steps_for(policy)]
)
def test_a_step_missing_or_not_met_is_named(policy, step):
    for finding in (None, Finding(met=False, recorded_by=FIRST)):
        with pytest.raises(RuleViolation, match=step.title):
            check_authorisation(policy, findings(policy, **{step.key: finding}), by=SECOND)
        assert compute_missing_steps(policy, findings(policy, **{step.key: finding})) == (step,)


@pytest.mark.clause("L3.3")
def test_no_refusal_at_will():
    policy = Policy.DEVICE

    for found in (findings(policy), findings(policy, party=None), {}):
        with pytest.raises(RuleViolation, match="no ground to refuse"):
            check_refusal(policy, found, by=SECOND)


@pytest.mark.clause("L3.3")
def test_a_refusal_names_the_step_and_comes_from_a_second_officer():
    found = findings(Policy.DEVICE, party=Finding(met=False, recorded_by=FIRST))

    assert [step.key for step in check_refusal(Policy.DEVICE, found, by=SECOND)] == ["party"]
    with pytest.raises(RuleViolation, match="Another"):
        check_refusal(Policy.DEVICE, found, by=FIRST)


def test_officers_are_nominated_from_the_party():
    ours, others = uuid4(), uuid4()

    check_officers([ours], officers=[ours, uuid4()])
    for chosen in ([], [others], [ours, others]):
        with pytest.raises(RuleViolation):
            check_officers(chosen, officers=[ours])


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize(
    ("ground", "reference", "by_party", "right"),
    [
        (Ground.PARTY_REQUEST, "", True, True),
        (Ground.PARTY_REQUEST, "they rang", False, False),
        (Ground.RAPP, "RAPP 6.2", False, True),
        (Ground.RAPP, " ", False, False),
        (Ground.CERTIFICATE_POLICY, "DCP 4.1", True, False),
    ],
)
def test_a_withdrawal_has_a_ground_that_stands_somewhere(ground, reference, by_party, right):
    if right:
        check_withdrawal(ground, reference=reference, by_party=by_party)
    else:
        with pytest.raises(RuleViolation):
            check_withdrawal(ground, reference=reference, by_party=by_party)


EUI64 = st.integers(min_value=0, max_value=2**64 - 1).map(lambda number: f"{number:016X}")


@pytest.mark.clause("L3.4")
@given(EUI64, EUI64, EUI64, EUI64)
def test_ranges_that_share_an_identifier_are_refused(a, b, c, d):
    first, last = sorted((a, b))
    other_first, other_last = sorted((c, d))
    apart = int(last, 16) < int(other_first, 16) or int(other_last, 16) < int(first, 16)

    if apart:
        check_range(first, last, others=[(other_first, other_last)])
    else:
        with pytest.raises(RuleViolation):
            check_range(first, last, others=[(other_first, other_last)])


def test_a_range_runs_forward():
    with pytest.raises(RuleViolation, match="before the first"):
        check_range("2", "1", others=[])


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize(
    ("codes", "right"),
    [([2], True), ([2, 135], True), ([], False), ([0], False), ([7], False), ([99], False)],
)
def test_role_codes_of_the_authorities_are_for_nobody(codes, right):
    known, reserved = [0, 2, 7, 135], [0, 7]
    if right:
        check_role_codes(codes, known=known, reserved=reserved)
    else:
        with pytest.raises(RuleViolation):
            check_role_codes(codes, known=known, reserved=reserved)

"""The checks of an Organisation request, as a table."""

from dataclasses import replace

import pytest

from certification.requests.rules import (
    OrganisationFacts,
    Span,
    check_device_limit,
    check_new_public_key,
    compute_organisation_checks,
    compute_reason,
    compute_refusal,
)
from smki_pma.clauses import RuleViolation

RIGHT = OrganisationFacts(
    party_name="Bright Energy",
    authorised=True,
    eui64="90B3D51F30010000",
    assigned=(
        Span(first="0000000000000000", last="00000000000000FF", role_codes=frozenset({3})),
        Span(first="90B3D51F30010000", last="90B3D51F3001FFFF", role_codes=frozenset({2, 135})),
    ),
    role_code=2,
    key_used_before=False,
    request_faults=(),
)


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({}, set()),
        ({"authorised": False}, {"authorised"}),
        ({"eui64": "90B3D51F3001FFFF"}, set()),
        ({"eui64": "90B3D51F30020000"}, {"assigned", "role"}),
        ({"eui64": "90B3D51F3000FFFF"}, {"assigned", "role"}),
        ({"role_code": 3}, {"role"}),
        ({"role_code": 135}, set()),
        ({"assigned": ()}, {"assigned", "role"}),
        ({"key_used_before": True}, {"key"}),
        ({"request_faults": ("Public key: weak.",)}, {"profile"}),
    ],
)
def test_each_fact_decides_its_check(changes, failed):
    checks = compute_organisation_checks(replace(RIGHT, **changes))

    assert {check.key for check in checks if not check.passed} == failed
    assert all(check.why.endswith(".") for check in checks)
    assert bool(compute_refusal(checks)) == bool(failed)


@pytest.mark.clause("L4.1(b)")
def test_entry_testing_stands_for_the_authorisation_and_for_nothing_else():
    testing = replace(RIGHT, authorised=False, in_entry_testing=True)
    assert compute_refusal(compute_organisation_checks(testing)) == ""
    checks = compute_organisation_checks(replace(testing, assigned=(), key_used_before=True))
    assert {check.key for check in checks if not check.passed} == {"assigned", "role", "key"}


@pytest.mark.clause("L3.4")
def test_without_a_failed_check_a_refusal_needs_provision_and_explanation():
    checks = compute_organisation_checks(RIGHT)

    for provision, explanation in [("", ""), ("OCP 4.2", " "), ("", "No.")]:
        with pytest.raises(RuleViolation):
            compute_reason(checks, provision=provision, explanation=explanation)
    assert compute_reason(checks, provision="OCP 4.2", explanation="No letter.") == "No letter. (OCP 4.2)"


@pytest.mark.clause("L3.4")
def test_the_device_limit_counts_what_is_held():
    check_device_limit(held=99, limit=100)
    with pytest.raises(RuleViolation, match="limit is 100"):
        check_device_limit(held=100, limit=100)


@pytest.mark.clause("L3.5")
def test_a_used_key_is_refused():
    check_new_public_key(used=False)
    with pytest.raises(RuleViolation, match="new key pair"):
        check_new_public_key(used=True)

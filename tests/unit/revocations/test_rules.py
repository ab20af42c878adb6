"""Who may give which reason, and what a request for revocation is checked for."""

from dataclasses import replace
from uuid import uuid4

import pytest

from certification.revocations import rules
from certification.revocations.rules import Origin, Reason, RevocationFacts
from smki_pma.clauses import RuleViolation

SOUND = RevocationFacts(
    kind="organisation",
    revoked=False,
    expired=False,
    origin=Origin.SUBSCRIBER,
    reason=Reason.COMPROMISE,
    asker="Peter Party, for Bright Energy",
    asker_entitled=True,
)


def failed(facts: RevocationFacts) -> list[str]:
    return [check.key for check in rules.compute_checks(facts) if not check.passed]


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({}, []),
        ({"kind": "issuing_oca"}, []),
        ({"kind": "device"}, ["kind"]),
        ({"kind": "root_oca"}, ["kind"]),
        ({"revoked": True}, ["standing"]),
        ({"expired": True}, ["standing"]),
        ({"asker_entitled": False}, ["asker"]),
        ({"reason": Reason.LOSS_OF_ELIGIBILITY}, ["reason"]),
        ({"reason": Reason.REJECTION}, ["reason"]),
        ({"origin": Origin.PMA, "reason": Reason.PMA_DIRECTION}, []),
    ],
)
def test_checks(changed: dict[str, object], keys: list[str]) -> None:
    assert failed(replace(SOUND, **changed)) == keys  # type: ignore[arg-type]


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("reason", "kind", "code"),
    [
        (Reason.COMPROMISE, "organisation", 1),
        (Reason.COMPROMISE, "issuing_oca", 2),
        (Reason.WRONG_CONTENT, "organisation", 3),
        (Reason.NO_LONGER_NEEDED, "organisation", 5),
        (Reason.LOSS_OF_ELIGIBILITY, "organisation", 9),
        (Reason.REJECTION, "organisation", None),
        (Reason.PMA_DIRECTION, "organisation", None),
    ],
)
def test_the_reason_that_lists_give(reason: Reason, kind: str, code: int | None) -> None:
    assert rules.compute_crl_reason(reason, kind=kind) == code


@pytest.mark.clause("L3.5")
def test_another_person_checks() -> None:
    asked = uuid4()
    rules.check_other_person(asked, uuid4())
    rules.check_other_person(None, asked)
    with pytest.raises(RuleViolation, match="Another"):
        rules.check_other_person(asked, asked)


@pytest.mark.clause("L3.4")
def test_nobody_but_dcc_and_the_subscriber_gives_the_pmas_reason() -> None:
    assert rules.reasons_for(Origin.PMA) == (Reason.PMA_DIRECTION,)
    assert Reason.REJECTION not in rules.reasons_for(Origin.SUBSCRIBER) + rules.reasons_for(Origin.DCC)

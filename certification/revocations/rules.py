"""Rules of revocation and of the lives of lists: pure functions over plain data."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from certification.requests.rules import Check
from smki_pma.clauses import RuleViolation

SERVING, PRACTICE = "L3.4", "L3.5"


class Origin(StrEnum):
    """Who asks for a revocation."""

    SUBSCRIBER = "subscriber"
    DCC = "dcc"
    PMA = "pma"


class Reason(StrEnum):
    """Why a Certificate is revoked: the grounds of the Organisation Certificate Policy."""

    REJECTION = "rejection"
    COMPROMISE = "compromise"
    NO_LONGER_NEEDED = "no_longer_needed"
    WRONG_CONTENT = "wrong_content"
    LOSS_OF_ELIGIBILITY = "loss_of_eligibility"
    PMA_DIRECTION = "pma_direction"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is never wanted of a reason
        return REASONS[self].title


@dataclass(frozen=True, slots=True)
class ReasonFacts:
    """crl_reason: the CRLReason that lists give for it (RFC 5280 5.3.1), None for none; of_an_authority: the
    same where an Authority's own Certificate is revoked. origins: who may give this reason.
    """

    title: str
    crl_reason: int | None
    of_an_authority: int | None
    origins: frozenset[Origin]


_ANYBODY = frozenset({Origin.SUBSCRIBER, Origin.DCC})
REASONS = {
    Reason.REJECTION: ReasonFacts("The subscriber rejected it when it was issued", None, None, frozenset()),
    Reason.COMPROMISE: ReasonFacts("Its private key is, or may be, compromised", 1, 2, _ANYBODY),
    Reason.NO_LONGER_NEEDED: ReasonFacts(
        "The subscriber no longer uses it", 5, 5, frozenset({Origin.SUBSCRIBER})
    ),
    Reason.WRONG_CONTENT: ReasonFacts("What it says is wrong or no longer true", 3, 3, _ANYBODY),
    Reason.LOSS_OF_ELIGIBILITY: ReasonFacts(
        "The subscriber is no longer eligible for it", 9, 9, frozenset({Origin.DCC})
    ),
    Reason.PMA_DIRECTION: ReasonFacts(
        "The SMKI PMA directed its revocation", None, None, frozenset({Origin.PMA})
    ),
}
REVOCABLE_KINDS = frozenset({"organisation", "issuing_dca", "issuing_oca"})


def reasons_for(origin: Origin) -> tuple[Reason, ...]:
    """The reasons that somebody may give. L3.4"""
    return tuple(reason for reason, facts in REASONS.items() if origin in facts.origins)


def compute_crl_reason(reason: Reason, *, kind: str) -> int | None:
    """The CRLReason for a reason and a kind of Certificate (RFC 5280 5.3.1). L3.5"""
    facts = REASONS[reason]
    return facts.crl_reason if kind == "organisation" else facts.of_an_authority


def check_reason(reason: Reason, origin: Origin) -> None:
    """Each asks for a reason that is theirs to give. L3.4"""
    if origin not in REASONS[reason].origins:
        raise RuleViolation(
            "This reason is not yours to give. Choose one of the list.", clause=SERVING, field="reason"
        )


def check_kind(kind: str) -> None:
    """Device Certificates and roots are never revoked. L3.5"""
    if kind == "device":
        raise RuleViolation(
            "A Device Certificate is never revoked. If it is wrong, reject it: DCC then investigates.",
            clause=PRACTICE,
        )
    if kind not in REVOCABLE_KINDS:
        raise RuleViolation("A root signs itself, so no list can revoke it.", clause=PRACTICE)


def check_explained(text: str, *, field: str, asks: str) -> str:
    """What is decided is explained, so that whoever checks it can. L3.5"""
    if not text.strip():
        raise RuleViolation(asks, clause=PRACTICE, field=field)
    return text.strip()


def check_other_person(asked_by: UUID | None, decided_by: UUID | None) -> None:
    """Whoever asked for a revocation does not check it. L3.5"""
    if asked_by == decided_by:
        raise RuleViolation(
            "You asked for this revocation. Another Registration Authority officer must check it.",
            clause=PRACTICE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationFacts:
    """What the checks of a request for revocation look at.

    asker_entitled: whether the one who asked still holds what entitled him or her.
    """

    kind: str
    revoked: bool
    expired: bool
    origin: Origin
    reason: Reason
    asker: str
    asker_entitled: bool


def compute_checks(facts: RevocationFacts) -> tuple[Check, ...]:
    """Every check that a request for revocation must pass, each with its reason. L3.4"""
    revocable = facts.kind in REVOCABLE_KINDS
    given = facts.origin in REASONS[facts.reason].origins
    return (
        Check(
            key="kind",
            title="A Certificate that can be revoked",
            passed=revocable,
            why="It is of a kind that a list can revoke."
            if revocable
            else "Certificates of this kind are not.",
            clause=PRACTICE,
        ),
        Check(
            key="standing",
            title="Not revoked, not expired",
            passed=not (facts.revoked or facts.expired),
            why=_say_standing(facts),
            clause=SERVING,
        ),
        Check(
            key="asker",
            title="Asked by somebody entitled",
            passed=facts.asker_entitled,
            why=f"{facts.asker} {'may ask for it.' if facts.asker_entitled else 'no longer may ask for it.'}",
            clause=SERVING,
        ),
        Check(
            key="reason",
            title="A reason of the Certificate Policy",
            passed=given,
            why=f"{facts.reason.title}.",
            clause=SERVING,
        ),
    )


def _say_standing(facts: RevocationFacts) -> str:
    if facts.revoked:
        return "It is revoked already."
    return "It has expired, so no list needs to name it." if facts.expired else "It is in use."


def compute_refusal_reason(checks: Iterable[Check], *, provision: str, explanation: str) -> str:
    """Why a revocation is refused: a failed check, or the provision that the request does not meet. L3.4"""
    failed = " ".join(check.why for check in checks if not check.passed)
    named = provision.strip() and explanation.strip()
    if not failed and not named:
        raise RuleViolation(
            "Every check passes. To refuse, name the provision of the Certificate Policy or the RAPP that the "
            "request does not meet, and explain why.",
            clause=SERVING,
            field="provision",
        )
    given = f"{explanation.strip()} ({provision.strip()})" if named else ""
    return " ".join(part for part in (failed, given) if part)


def check_refusable(origin: Origin, checks: Collection[Check]) -> None:
    """What the SMKI PMA has directed DCC does, unless it cannot be done. L3.4"""
    if origin is Origin.PMA and all(check.passed for check in checks):
        raise RuleViolation(
            "The SMKI PMA has directed this revocation. It can be refused only where a check fails.",
            clause=SERVING,
        )


def check_rejection_in_time(issued_at: datetime, at: datetime, *, hours: int) -> None:
    """A Certificate counts as accepted unless it is rejected at once (house rule on the hours). L3.4"""
    if not is_rejection_open(issued_at, at, hours=hours):
        raise RuleViolation(
            f"A Certificate can be rejected within {hours} hours of its issue. It counts as accepted now: ask for "
            "its revocation instead, if it is an Organisation Certificate.",
            clause=SERVING,
        )


def is_rejection_open(issued_at: datetime, at: datetime, *, hours: int) -> bool:
    """Whether a Certificate can still be rejected (house rule on the hours). L3.4"""
    return at - issued_at <= timedelta(hours=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """How the lists of an Authority stand.

    next_update_at: of the newest list, None when there is none. listed, revoked: Certificates on it, and
    Certificates revoked. revoked_at: when the first that is not on it was revoked.
    """

    next_update_at: datetime | None
    listed: int
    revoked: int
    revoked_at: datetime | None = None


def is_list_due(facts: ListFacts, at: datetime, *, ahead: timedelta) -> bool:
    """A new list is due ahead of the next update, and as soon as somebody is revoked who is not on it. L3.5"""
    if facts.next_update_at is None or facts.listed < facts.revoked:
        return True
    return facts.next_update_at - at <= ahead


def is_list_late(facts: ListFacts, at: datetime, *, ahead: timedelta, within: timedelta) -> bool:
    """Something is wrong: half of the time ahead is gone, or so long after a revocation nothing came. L3.5"""
    if facts.next_update_at is None or facts.next_update_at - at <= ahead / 2:
        return True
    return facts.revoked_at is not None and at - facts.revoked_at >= within / 2


def compute_list_deadline(facts: ListFacts, at: datetime, *, within: timedelta) -> datetime:
    """By when the next list must be out: before this one expires, within the hour of a revocation. L3.5"""
    ends = [facts.next_update_at or at]
    if facts.revoked_at is not None:
        ends.append(facts.revoked_at + within)
    return min(ends)

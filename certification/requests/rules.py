"""Rules for Certificate Signing Requests: pure functions over plain data.

The one place that says what "receipt" and "sending" mean for the Target Response Times (L8.3), as the
SMKI Interface Design Specification explains them:

* receipt is the moment at which a request has passed validation. A request for a Device Certificate is
  validated when it is handed in; one for an Organisation Certificate when a Registration Authority
  officer's checks have all passed as well.
* sending is the moment at which the Certificate, or the error, is made available to the subscriber.

Every time is UTC. Deadlines by the clock on the wall are those of Europe/London.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from certification.authorities.faults import Fault
from smki_pma.clauses import RuleViolation

LONDON = ZoneInfo("Europe/London")
BATCH_TARGET = timedelta(hours=24)
HOURS_IN_A_DAY = 24
SMALLEST_BATCH = 2
# A pasted or uploaded request of our profiles has some 300 octets; this leaves room for any Base64 layout.
LARGEST_REQUEST = 16 * 1024


class SentBefore(RuleViolation):
    """The key that marks one sending came again, with something else."""


def check_same_request(*, same: bool) -> None:
    """A key that marks one sending goes with one request; with another it is refused. L3.4"""
    if not same:
        raise SentBefore(
            "This was sent before with another request. Start anew for this one.", clause="L3.4", field="csr"
        )


def compute_single_deadline(received_at: datetime, *, seconds: int) -> datetime:
    """A single request is answered within 30 seconds of its receipt (the figure in force). L8.1(a)"""
    return received_at.astimezone(UTC) + timedelta(seconds=seconds)


def compute_batch_deadline(received_at: datetime, *, starts_hour: int = 8, ends_hour: int = 20) -> datetime:
    """A batch received from 08:00 to 20:00 is answered by 08:00 next day, any other within 24 hours. L8.1(b)

    08:00:00 is inside the window and 20:00:00 outside it (the hours in force). The window and 08:00 next
    day are London time; the 24 hours are elapsed time, whatever the clocks do.
    """
    local = received_at.astimezone(LONDON)
    if starts_hour <= local.hour < ends_hour:
        next_day = local.date() + timedelta(days=1)
        morning = time(starts_hour % HOURS_IN_A_DAY)
        return datetime.combine(next_day, morning, tzinfo=LONDON).astimezone(UTC)
    return received_at.astimezone(UTC) + BATCH_TARGET


def is_within_target(*, deadline_at: datetime, sent_at: datetime) -> bool:
    """Whether what was sent met its Target Response Time; sent at the deadline is in time. L8.1"""
    return sent_at <= deadline_at


def check_batch_size(count: int, *, largest: int = 50_000) -> None:
    """A batch holds 2 to 50,000 requests for Device Certificates. L8.2"""
    if count < SMALLEST_BATCH:
        raise RuleViolation(
            "A batch holds at least 2 requests. Hand in a single request on its own.", clause="L8.2"
        )
    if count > largest:
        raise RuleViolation(
            f"A batch holds at most {largest:,} requests; this one has {count:,}. Divide it and send the parts.",
            clause="L8.2",
        )


def check_device_limit(*, held: int, limit: int) -> None:
    """One device holds no more Certificates than the limit in force. L3.4"""
    if held >= limit:
        raise RuleViolation(
            f"This device has {held} Certificates or requests in hand and the limit is {limit}. "
            "No further Certificate can be issued to it.",
            clause="L3.4",
            field="csr",
        )


def check_new_public_key(*, used: bool) -> None:
    """A public key is certified once: a second request for it is refused. L3.5"""
    if used:
        raise RuleViolation(
            "This public key has been used in an earlier request. Make a new key pair and a new request for it.",
            clause="L3.5",
            field="csr",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """EUI-64 identifiers assigned to a Party, both ends in it (16 hexadecimal digits each), with role codes."""

    first: str
    last: str
    role_codes: frozenset[int]

    def holds(self, eui64: str) -> bool:
        return self.first <= eui64 <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What is known about a request for an Organisation Certificate when it is checked.

    in_entry_testing: the request is for the test environment and its Party has test access now.
    """

    party_name: str
    authorised: bool
    eui64: str
    assigned: tuple[Span, ...]
    role_code: int
    key_used_before: bool
    request_faults: tuple[str, ...]
    in_entry_testing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a request: its name, whether it passed, and why or why not."""

    key: str
    title: str
    passed: bool
    why: str
    clause: str


def compute_organisation_checks(facts: OrganisationFacts) -> tuple[Check, ...]:
    """Every check that an Organisation request must pass, each with its reason. L3.4"""
    return (
        _check_authorised(facts),
        _check_assigned(facts),
        _check_role(facts),
        _check_key(facts),
        _check_unchanged(facts),
    )


def _check_authorised(facts: OrganisationFacts) -> Check:
    """An Authorised Subscriber, or in the test environment a Party in entry testing. L3.4, L4.1(b)"""
    if facts.in_entry_testing and not facts.authorised:
        return Check(
            key="authorised",
            title="Entry testing",
            passed=True,
            why=f"{facts.party_name} has access to the test environment for entry testing.",
            clause="L4.1(b)",
        )
    why = (
        f"{facts.party_name} is an Authorised Subscriber under the Organisation Certificate Policy."
        if facts.authorised
        else f"{facts.party_name} is not, or is no longer, an Authorised Subscriber under the Organisation "
        "Certificate Policy."
    )
    return Check(
        key="authorised", title="Authorised Subscriber", passed=facts.authorised, why=why, clause="L3.4"
    )


def _check_assigned(facts: OrganisationFacts) -> Check:
    assigned = any(span.holds(facts.eui64) for span in facts.assigned)
    why = (
        f"The EUI-64 is assigned to {facts.party_name}."
        if assigned
        else f"The EUI-64 is in no range that is assigned to {facts.party_name}."
    )
    return Check(
        key="assigned", title="EUI-64 assigned to the subscriber", passed=assigned, why=why, clause="L3.4"
    )


def _check_role(facts: OrganisationFacts) -> Check:
    permitted = {code for span in facts.assigned if span.holds(facts.eui64) for code in span.role_codes}
    passed = facts.role_code in permitted
    why = (
        f"Role code {facts.role_code} is assigned to {facts.party_name} with this EUI-64."
        if passed
        else f"Role code {facts.role_code} is not assigned to {facts.party_name} with this EUI-64. "
        f"Assigned with it: {name_codes(permitted)}."
    )
    return Check(key="role", title="Role code", passed=passed, why=why, clause="L3.4")


def name_codes(codes: Iterable[int]) -> str:
    """Role codes in order as text for people; "none" where there is none."""
    return ", ".join(str(code) for code in sorted(codes)) or "none"


def _check_key(facts: OrganisationFacts) -> Check:
    why = (
        "The public key has been used in another request."
        if facts.key_used_before
        else "The public key has not been used before."
    )
    return Check(key="key", title="New public key", passed=not facts.key_used_before, why=why, clause="L3.5")


def _check_unchanged(facts: OrganisationFacts) -> Check:
    why = (
        "The stored request still passes every check of its profile and its signature verifies."
        if not facts.request_faults
        else f"The stored request no longer passes its checks. {' '.join(facts.request_faults)}"
    )
    return Check(
        key="profile",
        title="Profile and proof of possession",
        passed=not facts.request_faults,
        why=why,
        clause="L3.5",
    )


def compute_refusal(checks: Iterable[Check]) -> str:
    """The reason of a refusal in words: what every failed check says; empty when all passed. L3.4"""
    return " ".join(check.why for check in checks if not check.passed)


def compute_reason(checks: Iterable[Check], *, provision: str, explanation: str) -> str:
    """Why a request is refused: its failed checks, or the provision that it does not meet. L3.4

    A request that accords with the SMKI SEC Documents must be served: without a reason there is no refusal.
    """
    failed = compute_refusal(checks)
    given = (
        f"{explanation.strip()} ({provision.strip()})" if explanation.strip() and provision.strip() else ""
    )
    if not failed and not given:
        raise RuleViolation(
            "Every check passes. To refuse, name the provision of the Certificate Policy or the RAPP that the "
            "request does not meet, and explain why.",
            clause="L3.4",
            field="provision",
        )
    return " ".join(part for part in (failed, given) if part)


def compute_digest(csr: bytes) -> str:
    """SHA-256 of a request's bytes, as people and entries name them."""
    return hashlib.sha256(csr).hexdigest()


def fault_of(refusal: RuleViolation) -> Fault:
    """A rule's refusal in the form of a fault of the request, so that a page shows both alike."""
    code = "csr.key.used" if refusal.clause.id == "L3.5" else "csr.device.limit"
    field = "Public key" if refusal.clause.id == "L3.5" else "Device"
    return Fault(code, field, refusal.message, refusal.clause.id)

"""Rules for becoming an Authorised Subscriber: pure functions over plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from smki_pma.clauses import RuleViolation


class Policy(StrEnum):
    """The two Certificate Policies: a Party is authorised under each on its own. L3.3"""

    DEVICE = "device"
    ORGANISATION = "organisation"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is never wanted of a policy
        return f"{self.value.capitalize()} Certificate Policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One verification step: its key, what must be true, and the policies that ask for it."""

    key: str
    title: str
    asks: str
    policies: frozenset[Policy]


BOTH = frozenset(Policy)
# The steps stand in for those of the RAPP, whose text is not to hand: house rule.
STEPS = (
    Step(
        key="party",
        title="Identity of the Party",
        asks="The Party's identity and its accession to the Code are verified against the Party register.",
        policies=BOTH,
    ),
    Step(
        key="nomination",
        title="Nomination of responsible officers",
        asks="A director of the Party has signed the nomination of each responsible officer.",
        policies=BOTH,
    ),
    Step(
        key="officers",
        title="Identity of responsible officers",
        asks="Each responsible officer's identity is verified against an identity document.",
        policies=BOTH,
    ),
    Step(
        key="identifiers",
        title="EUI-64 identifiers",
        asks="The EUI-64 identifiers and role codes that the Party uses are assigned to it.",
        policies=frozenset({Policy.ORGANISATION}),
    ),
)


class Ground(StrEnum):
    """Why an authorisation ends. Section L gives DCC no ground of its own: each one cites where it stands."""

    PARTY_REQUEST = "party_request"
    CERTIFICATE_POLICY = "certificate_policy"
    RAPP = "rapp"

    @property
    def title(self) -> str:  # type: ignore[override]  # nor of a ground
        return GROUND_TITLES[self]


GROUND_TITLES = {
    Ground.PARTY_REQUEST: "The Party asks for it",
    Ground.CERTIFICATE_POLICY: "The Certificate Policy requires it",
    Ground.RAPP: "The RAPP requires it",
}


def steps_for(policy: Policy) -> tuple[Step, ...]:
    """The steps that this policy asks for, in order. L3.3"""
    return tuple(step for step in STEPS if policy in step.policies)


def check_entry_tests(policy: Policy, *, confirmed_at: datetime | None, at: datetime) -> None:
    """A Party applies only after completing the entry process tests for that policy. L3.2, L7.1(a)"""
    if confirmed_at is None or confirmed_at > at:
        raise RuleViolation(
            f"The entry process tests for the {policy.title} are not completed: DCC has not confirmed them. "
            "Complete them, then apply.",
            clause="L7.1(a)",
            field="policy",
        )


def check_officers(nominated: Iterable[UUID], *, officers: Iterable[UUID]) -> None:
    """At least one responsible officer is nominated, each an officer of the Party now. L3.2"""
    chosen = set(nominated)
    if not chosen:
        raise RuleViolation("Nominate at least one responsible officer.", clause="L3.2", field="officers")
    if chosen - set(officers):
        raise RuleViolation(
            "A responsible officer is one of the Party's officers. Choose from the list.",
            clause="L3.2",
            field="officers",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was last recorded for a step: whether it is met, and by whom."""

    met: bool
    recorded_by: UUID


def compute_missing_steps(policy: Policy, findings: Mapping[str, Finding]) -> tuple[Step, ...]:
    """The steps that are not yet recorded, or recorded as not met. L3.3"""
    return tuple(step for step in steps_for(policy) if step.key not in findings or not findings[step.key].met)


def check_authorisation(policy: Policy, findings: Mapping[str, Finding], *, by: UUID | None) -> None:
    """A Party is authorised once every step is met, by an officer who recorded none of them. L3.3"""
    missing = compute_missing_steps(policy, findings)
    if missing:
        raise RuleViolation(f"Not yet met: {name_steps(missing)}. Record each step first.", clause="L3.3")
    if by in {finding.recorded_by for finding in findings.values()}:
        raise RuleViolation(
            "You recorded a verification step of this application. Another Registration Authority officer "
            "must authorise it.",
            clause="L3.3",
        )


def check_refusal(policy: Policy, findings: Mapping[str, Finding], *, by: UUID | None) -> tuple[Step, ...]:
    """An application is refused only for a step recorded as not met, by a second officer. L3.3

    Gives the steps that the refusal names. There is no other ground: DCC has no discretion.
    """
    failed = tuple(step for step in compute_missing_steps(policy, findings) if step.key in findings)
    if not failed:
        raise RuleViolation(
            "No verification step is recorded as not met, so there is no ground to refuse this application.",
            clause="L3.3",
        )
    if any(findings[step.key].recorded_by == by for step in failed):
        raise RuleViolation(
            "You recorded the step that is not met. Another Registration Authority officer must refuse.",
            clause="L3.3",
        )
    return failed


def check_withdrawal(ground: Ground, *, reference: str, by_party: bool) -> None:
    """An authorisation ends at the Party's request, or on a ground that stands in the Code. L3.4"""
    if by_party is not (ground is Ground.PARTY_REQUEST):
        raise RuleViolation(
            "A Party ends its own authorisation; DCC ends one only where the Certificate Policy or the RAPP "
            "requires it. On an instruction of the Panel or the SMKI PMA it suspends.",
            clause="L3.4",
            field="ground",
        )
    if not by_party and not reference.strip():
        raise RuleViolation(
            "Say which provision requires this, with its number.",
            clause="L3.4",
            field="reference",
        )


def check_range(first: str, last: str, *, others: Iterable[tuple[str, str]]) -> None:
    """An EUI-64 is assigned to one Party at most; both ends belong to the range. L3.4"""
    if last < first:
        raise RuleViolation("The last EUI-64 comes before the first.", clause="L3.4", field="last")
    if any(first <= other_last and other_first <= last for other_first, other_last in others):
        raise RuleViolation(
            "Part of this range is assigned already. Choose a range that is free.",
            clause="L3.4",
            field="first",
        )


def check_role_codes(codes: Iterable[int], *, known: Iterable[int], reserved: Iterable[int]) -> None:
    """A Party is assigned known role codes, never those of the Authorities themselves. L3.4"""
    chosen = set(codes)
    if not chosen:
        raise RuleViolation("Choose at least one role code.", clause="L3.4", field="role_codes")
    if chosen - (set(known) - set(reserved)):
        raise RuleViolation(
            "A subscriber cannot hold this role code. Choose from the list.",
            clause="L3.4",
            field="role_codes",
        )


def name_steps(steps: Iterable[Step]) -> str:
    """The titles of steps in one line."""
    return ", ".join(step.title for step in steps)

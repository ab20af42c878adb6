"""What the PMA may decide about a CPS. L9.9-L9.12, L9.15-L9.18

Nothing rejects an initial draft: there is no option for it.
"""

from typing import Any
from uuid import UUID

from repository.drafts.cps import Cps
from repository.drafts.models import Draft, Origin
from repository.drafts.services.owing import address_of
from repository.drafts.states import PROPOSED, SUBMITTED, WITHDRAWN
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.motions import (
    Blocker,
    ExactVersion,
    MotionKind,
    Option,
    Proposition,
    register_motion,
)
from smki_pma.parties.models import Person

ABSENT = UUID(int=0)
_SERVICES = "repository.drafts.services"
_HERE = "repository.drafts.motions"
_FORMS = "repository.drafts.motion_forms"


def _approve(cps: Cps) -> MotionKind:
    return MotionKind(
        key=f"{cps.motion_prefix}.approve_draft",
        clause=cps.cited("L9.9(b)"),
        title=f"Approve the initial draft of the {cps.label}",
        options=(
            Option(
                key="approve",
                label="Approve the draft",
                effect=f"It becomes the {cps.label}.",
                carries=f"{_SERVICES}.approve_draft",
            ),
            Option(
                key="approve_subject_to_amendments",
                label="Approve subject to amendments",
                effect=(
                    "DCC must make the amendments. When the Secretariat has checked that they are made, "
                    f"the amended draft becomes the {cps.label} without another vote."
                ),
                carries=f"{_SERVICES}.direct_amendments",
            ),
        ),
        subject_model="drafts.Draft",
        confidential=True,
        candidates=f"{_HERE}.initial_{cps.value}",
        describe=f"{_HERE}.describe_draft",
        form=f"{_FORMS}.ApproveDraftForm",
    )


def _decide(cps: Cps) -> MotionKind:
    return MotionKind(
        key=f"{cps.motion_prefix}.decide_amendment",
        clause=cps.cited("L9.11(b)"),
        title=f"Decide an amendment of the {cps.label}",
        options=(
            Option(
                key="approve",
                label="Approve the amendment",
                effect="DCC makes it when every amendment of the proposal is decided.",
                carries=f"{_SERVICES}.approve_amendment",
            ),
            Option(
                key="refuse",
                label="Refuse the amendment",
                effect="It is not made.",
                carries=f"{_SERVICES}.refuse_amendment",
            ),
        ),
        subject_model="drafts.Draft",
        confidential=True,
        candidates=f"{_HERE}.later_{cps.value}",
        describe=f"{_HERE}.describe_amendment",
        form=f"{_FORMS}.DecideAmendmentForm",
    )


def _review(cps: Cps) -> MotionKind:
    return MotionKind(
        key=f"{cps.motion_prefix}.require_review",
        clause=cps.cited("L9.10"),
        title=f"Require a review of the {cps.label}",
        options=(
            Option(
                key="require",
                label="Require the review",
                effect=f"DCC must review the {cps.label} to the extent that the question gives.",
                carries=f"{_SERVICES}.require_review",
            ),
        ),
        confidential=True,
        describe=f"{_HERE}.describe_review",
        form=f"{_FORMS}.{cps.label.split()[0]}ReviewForm",
    )


def _grant(cps: Cps) -> MotionKind:
    return MotionKind(
        key=f"{cps.motion_prefix}.grant_reading",
        clause=cps.cited("L9.12"),
        title=f"Let somebody read a draft of the {cps.label}",
        options=(
            Option(
                key="grant",
                label="Grant the reading",
                effect="The person reads this draft until the SMKI PMA resolves otherwise.",
                carries=f"{_SERVICES}.grant_reading",
            ),
            Option(
                key="revoke",
                label="End the reading",
                effect="The person can no longer read this draft.",
                carries=f"{_SERVICES}.revoke_reading",
            ),
        ),
        subject_model="drafts.Draft",
        confidential=True,
        candidates=f"{_HERE}.any_{cps.value}",
        describe=f"{_HERE}.describe_grant",
        form=f"{_FORMS}.GrantForm",
    )


for _cps in Cps:
    for _make in (_approve, _decide, _review, _grant):
        register_motion(_make(_cps))


def initial_device() -> list[tuple[UUID, str]]:
    """Initial drafts of the Device CPS that wait for a decision."""
    return _candidates(cps=Cps.DEVICE, origin=Origin.INITIAL, state=SUBMITTED)


def initial_organisation() -> list[tuple[UUID, str]]:
    """Initial drafts of the Organisation CPS that wait for a decision."""
    return _candidates(cps=Cps.ORGANISATION, origin=Origin.INITIAL, state=SUBMITTED)


def later_device() -> list[tuple[UUID, str]]:
    """Proposals of amendments of the Device CPS that wait for decisions."""
    return _candidates(cps=Cps.DEVICE, origin=Origin.LATER, state=SUBMITTED)


def later_organisation() -> list[tuple[UUID, str]]:
    """Proposals of amendments of the Organisation CPS that wait for decisions."""
    return _candidates(cps=Cps.ORGANISATION, origin=Origin.LATER, state=SUBMITTED)


def any_device() -> list[tuple[UUID, str]]:
    """Every draft of the Device CPS."""
    return _candidates(cps=Cps.DEVICE)


def any_organisation() -> list[tuple[UUID, str]]:
    """Every draft of the Organisation CPS."""
    return _candidates(cps=Cps.ORGANISATION)


def describe_draft(subject_id: UUID, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question about an initial draft. It numbers the amendments and does not quote them."""
    draft = Draft.objects.get(pk=subject_id)
    question = f"Shall the SMKI PMA approve the initial draft of the {draft.kind.label}"
    public = f"Approve the initial draft of the {draft.kind.label}"
    if option == "approve_subject_to_amendments":
        numbers = ", ".join(str(one["number"]) for one in parameters.get("amendments", []))
        question += f" subject to DCC first making these amendments: {numbers}"
        public += ", subject to amendments"
    return Proposition(
        question=f"{question}?",
        public_question=public,
        document=_document(draft),
        blockers=_blockers(draft, "L9.9(b)"),
    )


def describe_amendment(subject_id: UUID, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question about one later amendment. It gives its number and does not quote it."""
    draft = Draft.objects.get(pk=subject_id)
    amendment = draft.amendments.filter(pk=str(parameters.get("amendment") or ABSENT)).first()
    if amendment is None:
        raise RuleViolation("Choose an amendment.", clause=draft.cited("L9.11(b)"), field="amendment")
    blockers = _blockers(draft, "L9.11(b)")
    if amendment.state != PROPOSED:
        blockers += (Blocker("The amendment has been decided, or withdrawn.", draft.cited("L9.11(b)")),)
    verb = "approve" if option == "approve" else "refuse"
    return Proposition(
        question=f"Shall the SMKI PMA {verb} amendment {amendment.number} of “{draft.public_title}”?",
        public_question=f"{verb.capitalize()} amendment {amendment.number}: {draft.public_title}",
        document=ExactVersion(
            label=f"Amendment {amendment.number}",
            sha256=amendment.text_sha256,
            url=f"{address_of(draft)}amendments/",
        ),
        blockers=blockers,
    )


def describe_review(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question of a review, with its extent, which binds DCC; that names parts of the CPS. L9.10, L9.12"""
    cps = Cps(parameters.get("cps") or Cps.DEVICE)
    scope = str(parameters.get("scope", "")).strip()
    if not scope:
        raise RuleViolation("Say what DCC must review.", clause=cps.cited("L9.10"), field="scope")
    return Proposition(
        question=f"Shall the SMKI PMA require DCC to review the {cps.label} to this extent?\n\n{scope}",
        public_question=f"Require a review of the {cps.label}",
    )


def describe_grant(subject_id: UUID, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question of letting one person read one draft."""
    draft = Draft.objects.get(pk=subject_id)
    person = Person.objects.filter(pk=str(parameters.get("person") or ABSENT)).first()
    if person is None:
        raise RuleViolation("Choose a person.", clause=draft.cited("L9.12"), field="person")
    verb = "let" if option == "grant" else "no longer let"
    public = "Grant the reading of a draft" if option == "grant" else "End the reading of a draft"
    return Proposition(
        question=f"Shall the SMKI PMA {verb} {person.name} read “{draft.public_title}”?",
        public_question=f"{public}: {draft.public_title}",
    )


def _candidates(**wanted: str) -> list[tuple[UUID, str]]:
    return [(draft.pk, draft.public_title) for draft in Draft.objects.filter(**wanted)]


def _document(draft: Draft) -> ExactVersion:
    revision = draft.revisions.get(number=1)
    return ExactVersion(label=draft.public_title, sha256=revision.sha256, url=address_of(draft))


def _blockers(draft: Draft, clause: str) -> tuple[Blocker, ...]:
    if draft.state == SUBMITTED:
        return ()
    if draft.state == WITHDRAWN:
        return (Blocker("DCC has withdrawn this submission.", draft.cited(clause)),)
    return (Blocker("The SMKI PMA has decided on this submission already.", draft.cited(clause)),)

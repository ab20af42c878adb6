"""The motions that the PMA itself brings: a plain resolution, an instruction under L2.14, a change of a house rule,
an auditor of its own."""

from typing import Any
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.motions import MotionKind, Option, Proposition, register_motion
from smki_pma.ledger.actors import Actor
from smki_pma.parties.appointments import BY_PMA, appoint, end_holding
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.rules_in_force.models import RuleChange
from smki_pma.rules_in_force.services import change_rule

RESOLVE = register_motion(
    MotionKind(
        key="pma.resolve",
        clause="L1.15",
        title="Resolve in the words of the motion",
        options=(
            Option(
                key="resolve",
                label="Resolve",
                effect="The words of the question stand as a resolution. Nothing else happens by itself.",
            ),
        ),
        describe="smki_pma.governance.meetings.house_motions.describe_resolution",
        form="smki_pma.governance.meetings.motion_forms.ResolutionForm",
    )
)
INSTRUCT = register_motion(
    MotionKind(
        key="pma.instruct_dcc",
        clause="L2.14",
        title="Instruct DCC in an emergency",
        options=(
            Option(
                key="suspend",
                label="Suspend services at once",
                effect="The words of the instruction stand as a resolution. DCC's officers enter the suspension.",
            ),
            Option(
                key="reinstate",
                label="Reinstate services",
                effect="The words of the instruction stand as a resolution. DCC's officers enter the reinstatement.",
            ),
        ),
        confidential=True,
        for_emergency=True,
        describe="smki_pma.governance.meetings.house_motions.describe_instruction",
        form="smki_pma.governance.meetings.motion_forms.InstructionForm",
    )
)
CHANGE_RULE = register_motion(
    MotionKind(
        key="rules.change",
        clause="L1.15",
        title="Change a house rule",
        options=(
            Option(
                key="change",
                label="Change the rule",
                effect="The new value is in force from the close of the vote.",
                carries="smki_pma.governance.meetings.house_motions.carry_rule_change",
            ),
        ),
        describe="smki_pma.governance.meetings.house_motions.describe_rule_change",
        form="smki_pma.governance.meetings.motion_forms.RuleChangeForm",
    )
)
AUDITOR = register_motion(
    MotionKind(
        key="parties.auditor",
        clause="L1.17(h)",
        title="Appoint an auditor, or end the office of one",
        options=(
            Option(
                key="appoint",
                label="Appoint as auditor",
                effect="The person is an auditor from the close of the vote: reads the record, and writes nothing.",
                carries="smki_pma.governance.meetings.house_motions.carry_auditor",
            ),
            Option(
                key="end",
                label="End the office of auditor",
                effect="The person is no auditor any more, and is signed out where that was the only office.",
                carries="smki_pma.governance.meetings.house_motions.carry_end_of_auditor",
            ),
        ),
        describe="smki_pma.governance.meetings.house_motions.describe_auditor",
        form="smki_pma.governance.meetings.motion_forms.AuditorForm",
    )
)


def describe_auditor(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question names the person."""
    try:
        person = Person.objects.filter(pk=UUID(str(parameters.get("person"))), is_active=True).first()
    except ValueError:
        person = None
    if person is None:
        raise RuleViolation("Choose a person of the list.", clause="L1.17(h)", field="person")
    if option == "end":
        _office_of(person.pk)
        question = f"Shall {person.name} cease to be an auditor appointed by the SMKI PMA?"
    else:
        question = f"Shall the SMKI PMA appoint {person.name} as an auditor?"
    return Proposition(question=question, public_question=question)


def carry_auditor(*, subject_id: UUID | None, parameters: dict[str, Any], by: Actor) -> Holding:
    """The appointment, with the resolution as authority. L1.17(h)"""
    return appoint(office_key="auditor", person_id=UUID(parameters["person"]), by=by)


def carry_end_of_auditor(*, subject_id: UUID | None, parameters: dict[str, Any], by: Actor) -> Holding:
    """The end of an office that the PMA gave. L1.17(h)"""
    holding = _office_of(UUID(parameters["person"]))
    return end_holding(holding_id=holding.pk, reason="The SMKI PMA has resolved it.", by=by)


def _office_of(person_id: UUID) -> Holding:
    held = Holding.objects.at(clock.now()).filter(office__role=Role.AUDITOR, appointed_by=BY_PMA)
    found = held.filter(person_id=person_id).first()
    if found is None:
        raise RuleViolation(
            "The SMKI PMA has not appointed this person as an auditor. The Panel ends what it gave itself.",
            clause="L1.17(h)",
            field="person",
        )
    return found


def describe_resolution(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question is the text of the motion."""
    text = str(parameters.get("text", "")).strip()
    if not text:
        raise RuleViolation("Write the words of the resolution.", clause="L1.15", field="text")
    question = f"Shall the SMKI PMA resolve: {text}"
    return Proposition(question=question, public_question=question[:300])


def describe_instruction(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question gives the instruction in its words; in public it tells nothing of the step (L2.15(c))."""
    text = str(parameters.get("text", "")).strip()
    if not text:
        raise RuleViolation(
            "Write which services are meant, and for whom.", clause=INSTRUCT.clause, field="text"
        )
    question = f"Shall the SMKI PMA instruct DCC under Section L2.14 to {option}: {text}"
    return Proposition(
        question=question, public_question="Shall the SMKI PMA give the instruction before it?"
    )


def describe_rule_change(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question names the rule, its new value and its unit, and gives the reason."""
    key = str(parameters.get("key", ""))
    if key not in catalogue():
        raise RuleViolation("Choose a rule of the rules page.", clause="L1.15", field="key")
    rule = catalogue()[key]
    rule.check_may_change()
    value = rule.check_value(parameters.get("value"))
    question = f"Shall the rule “{rule.title}” become {rule.in_words(value)}?"
    reason = str(parameters.get("reason", "")).strip()
    if not reason:
        raise RuleViolation("Say why the rule is to change.", clause="L1.15", field="reason")
    return Proposition(question=f"{question}\n\nReason: {reason}", public_question=question)


def carry_rule_change(*, subject_id: UUID | None, parameters: dict[str, Any], by: Actor) -> RuleChange:
    """Hand the carried change to the rules in force, with the resolution as authority (house rule)."""
    return change_rule(
        key=parameters["key"], value=parameters["value"], reason=str(parameters.get("reason", "")), by=by
    )

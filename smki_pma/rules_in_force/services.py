"""The acts that change a rule in force."""

from datetime import date, datetime

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.rules_in_force.models import NonWorkingDay, RuleChange


@service
def change_rule(
    *, key: str, value: object, reason: str, by: Actor, effective_from: datetime | None = None
) -> RuleChange:
    """Give a house rule another value, by a carried resolution of the PMA and nothing else (L1.15, house rule)."""
    if key not in catalogue():
        raise RuleViolation(
            f"There is no rule {key!r}. Choose one from the rules page.", clause="L1.15", field="key"
        )
    changed = catalogue()[key]
    if by.resolution_id is None:
        raise NotEntitled(
            "A rule in force is changed only by a carried motion of the PMA.", clause=changed.clause.id
        )
    changed.check_may_change()
    start = effective_from or clock.now()
    change = RuleChange(
        key=key,
        value=changed.check_value(value),
        effective_from=start,
        reason=reason,
        resolution_id=by.resolution_id,
        resolution_ref=by.resolution_ref,
    )
    change.save()
    facts = {"key": key, "value": value, "effective_from": start, "reason": reason}
    record("rule.changed", clause=changed.clause.id, by=by, subject=change, facts=facts, audience="public")
    return change


@service
def add_non_working_day(*, day: date, reason: str, by: Actor) -> NonWorkingDay:
    """Add a one-off day that is not a Working Day; the Secretariat does it (house rule on Working Days)."""
    if by.role != "secretariat":
        raise NotEntitled("The Secretariat adds one-off non-Working Days.", clause="L1.15")
    if NonWorkingDay.objects.filter(day=day).exists():
        raise RuleViolation(f"{day:%-d %B %Y} is already on the list.", clause="L1.15", field="day")
    added = NonWorkingDay(day=day, reason=reason)
    added.save()
    facts = {"day": day, "reason": reason}
    record("calendar.day_added", clause="L1.15", by=by, subject=added, facts=facts, audience="public")
    return added

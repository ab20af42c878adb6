"""The acts that change a rule in force."""

from datetime import date, datetime
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.rules_in_force.models import NonWorkingDay, RuleChange
from smki_pma.rules_in_force.selectors import one_off_days


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
    if one_off_days().filter(day=day).exists():
        raise RuleViolation(f"{day:%-d %B %Y} is already on the list.", clause="L1.15", field="day")
    added = NonWorkingDay(day=day, reason=reason)
    added.save()
    facts = {"day": day, "reason": reason}
    record("calendar.day_added", clause="L1.15", by=by, subject=added, facts=facts, audience="public")
    return added


@service
def remove_non_working_day(*, day_id: UUID, reason: str, by: Actor) -> NonWorkingDay:
    """Take a one-off day off the list, before it has come; the Secretariat does it (house rule on Working Days)."""
    if by.role != "secretariat":
        raise NotEntitled("The Secretariat removes one-off non-Working Days.", clause="L1.15")
    removed = NonWorkingDay.objects.select_for_update().get(pk=day_id)
    if removed.removed_at is not None:
        return unchanged(removed)
    if removed.day <= clock.today():
        raise RuleViolation(
            f"{removed.day:%-d %B %Y} has come: deadlines have been reckoned with it, so it stays on the list.",
            clause="L1.15",
        )
    if not reason.strip():
        raise RuleViolation("Say why the day is removed.", clause="L1.15", field="reason")
    removed.removed_at, removed.removed_reason = clock.now(), reason.strip()
    removed.save()
    facts = {"day": removed.day, "reason": removed.removed_reason}
    record("calendar.day_removed", clause="L1.15", by=by, subject=removed, facts=facts, audience="public")
    return removed

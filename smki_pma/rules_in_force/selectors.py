"""Which value of a rule is in force, and when it was another."""

import json
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from smki_pma.calendar import clock
from smki_pma.rules_in_force.catalogue import Value, catalogue
from smki_pma.rules_in_force.models import NonWorkingDay, RuleChange
from smki_pma.statements import fetch_one

# Asked several times for every request for a Certificate.
_CHANGED = (
    "SELECT value FROM rules_in_force_rulechange WHERE key = %s AND effective_from <= %s "
    "ORDER BY effective_from DESC LIMIT 1"
)


def rule(key: str, *, at: datetime | None = None) -> Value:
    """The value in force at a moment (now by default). KeyError for a rule that does not exist."""
    first = catalogue()[key].value
    changed = fetch_one(_CHANGED, [key, at or clock.now()])
    value: Value = first if changed is None else json.loads(changed[0])
    return value


def figure(key: str, *, at: datetime | None = None) -> int:
    """As `rule`, for a rule that is a whole number."""
    return int(rule(key, at=at))


def changes_of_rules() -> dict[str, list[RuleChange]]:
    """Every change by rule, oldest first."""
    found: dict[str, list[RuleChange]] = {}
    for change in RuleChange.objects.order_by("effective_from"):
        found.setdefault(change.key, []).append(change)
    return found


def extra_non_working_days() -> Collection[date]:
    """The one-off days that are not Working Days."""
    return frozenset(one_off_days().values_list("day", flat=True))


def one_off_days() -> QuerySet[NonWorkingDay]:
    """Those that count, without the ones removed again."""
    return NonWorkingDay.objects.filter(removed_at__isnull=True)

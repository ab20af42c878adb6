"""Public pages: every rule in force with its source, and the clauses with what the system does about each."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smki_pma.calendar import clock
from smki_pma.clauses import all_clauses
from smki_pma.rules_in_force.catalogue import FIRST_EFFECTIVE, Rule, Value, catalogue
from smki_pma.rules_in_force.models import RuleChange
from smki_pma.rules_in_force.selectors import changes_of_rules, one_off_days, rule

GROUPS = {
    "meetings": "Meetings",
    "membership": "Membership",
    "parties": "Parties",
    "accounts": "Signing in",
    "drafts": "Drafts of a Certification Practice Statement",
    "documents": "Documents in the SMKI Repository",
    "requests": "Certificate Signing Requests",
    "interface": "SMKI Service Interface",
    "repository": "SMKI Repository",
    "authorities": "Certification Authorities",
    "revocations": "Revocation and the lists",
    "ledger": "Ledger",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as it stands now, with the values it had before."""

    rule: Rule
    value: Value
    changes: list[RuleChange]

    @property
    def in_words(self) -> str:
        return self.rule.in_words(self.value)

    @property
    def first_in_words(self) -> str:
        return self.rule.in_words(self.rule.value)

    @property
    def changes_in_words(self) -> list[tuple[str, RuleChange]]:
        return [(self.rule.in_words(change.value), change) for change in self.changes]


@require_safe
@login_not_required
def list_rules(request: HttpRequest) -> HttpResponse:
    """Every figure in force, grouped, with history."""
    changes = changes_of_rules()
    groups: dict[str, list[Row]] = {}
    for key, each in catalogue().items():
        value = rule(key) if key in changes else each.value
        row = Row(each, value, changes.get(key, []))
        groups.setdefault(GROUPS.get(key.split(".")[0], "Other"), []).append(row)
    context = {
        "groups": groups,
        "first_effective": FIRST_EFFECTIVE,
        "days": one_off_days(),
        "today": clock.today(),
        "keeps_days": "secretariat" in getattr(request, "roles", ()),
    }
    return render(request, "rules_in_force/list_rules.html", context)


@require_safe
@login_not_required
def show_code(request: HttpRequest) -> HttpResponse:
    """Every clause of Section L in our own words, each with an anchor that the clause tags link to."""
    sections: dict[str, list[object]] = {}
    for each in all_clauses():
        sections.setdefault(each.id.split(".")[0], []).append(each)
    return render(request, "rules_in_force/show_code.html", {"sections": sections})

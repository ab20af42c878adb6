"""Each rule in force says its value, unit, source and mark, and refuses what it cannot be."""

import pytest

from smki_pma.clauses import RuleViolation
from smki_pma.rules_in_force.catalogue import catalogue


def test_every_rule_is_complete_and_within_its_own_bounds() -> None:
    for rule in catalogue().values():
        assert rule.mark in ("R", "D")
        assert rule.source and rule.unit and rule.title
        assert rule.check_value(rule.value) == rule.value


SETTINGS_READ = {"requests.most_certificates_per_device"}


def test_house_rules_and_settings_are_changed_by_a_motion_and_nothing_else() -> None:
    for rule in catalogue().values():
        if rule.is_house_rule or rule.key in SETTINGS_READ:
            rule.check_may_change()
        else:
            with pytest.raises(RuleViolation, match="neither a house rule nor a setting"):
                rule.check_may_change()


@pytest.mark.parametrize("value", [-1, 31, "5", 2.5, None, True])
def test_a_figure_refuses_another_kind_or_size(value: object) -> None:
    with pytest.raises(RuleViolation, match="Notice of a meeting is a whole number"):
        catalogue()["meetings.notice_working_days"].check_value(value)


@pytest.mark.parametrize("value", [0, 1, "yes", None])
def test_a_choice_is_yes_or_no(value: object) -> None:
    with pytest.raises(RuleViolation, match="yes or no"):
        catalogue()["meetings.chair_has_casting_vote"].check_value(value)


def test_values_in_words() -> None:
    assert catalogue()["meetings.chair_has_casting_vote"].in_words(False) == "no"
    assert catalogue()["requests.largest_batch"].in_words(50_000) == "50,000 requests"

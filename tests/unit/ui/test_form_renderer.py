"""The markup of forms: labels, hints, errors and where an error summary leads."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from lxml import html

from smki_pma.clauses import RuleViolation
from smki_pma.ui.choices import Hinted
from smki_pma.ui.error_words import NO_ADDRESS
from smki_pma.ui.fields import DayField, MomentField
from smki_pma.ui.forms import form_errors


class Ballot(forms.Form):
    field_options = {
        "position": {"heading": "l"},
        "agreed": {"inline": True},
        "reason": {"count": True},
        "seat": {"hide_label": True},
        "name": {"width": 20},
    }
    name = forms.CharField(help_text="As in the <appointment>.")
    position = forms.ChoiceField(
        label="How do you vote?",
        choices=[
            ("for", Hinted("For", hint="It comes into force.")),
            ("none", Hinted("None", or_before=True)),
        ],
        widget=forms.RadioSelect,
    )
    agreed = forms.ChoiceField(choices=[("yes", "Yes")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(widget=forms.Textarea, max_length=50, required=False)
    held_on = DayField(label="Date of the meeting", help_text="For example, 27 3 2027.")
    starts_at = MomentField(label="Start")
    draft = forms.FileField()
    seat = forms.ChoiceField(choices=[("", "Choose"), ("chair", "Chair")])
    notice = forms.IntegerField()
    password = forms.CharField(widget=forms.PasswordInput)
    confirmed = forms.BooleanField(label="I have read it")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def tree(text: str) -> Any:
    return html.fromstring(f"<div>{text}</div>")


def summary(form: forms.BaseForm) -> Any:
    return tree(Template("{% load ui %}{% error_summary form %}").render(Context({"form": form})))


@pytest.fixture
def unsent() -> Any:
    return tree(str(Ballot()))


@pytest.fixture
def empty() -> Any:
    return tree(str(Ballot({})))


def test_every_input_that_shows_has_a_label(unsent: Any) -> None:
    labels = set(unsent.xpath("//label/@for"))
    inputs = unsent.xpath("//input[not(@type='hidden')] | //select | //textarea")
    assert len(inputs) > 15
    assert [node.get("id") for node in inputs if node.get("id") not in labels] == []


def test_ids_are_unique(empty: Any) -> None:
    ids = empty.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_no_choice_is_made_beforehand(unsent: Any) -> None:
    assert unsent.xpath("//input[@checked]") == []


def test_what_was_sent_stays_chosen() -> None:
    sent = tree(str(Ballot({"position": "none", "topics": ["a", "b"], "confirmed": "on"})))
    assert sent.xpath("//input[@checked]/@id") == [
        "id_position_1",
        "id_topics_0",
        "id_topics_1",
        "id_confirmed",
    ]


def test_the_browser_does_not_stop_an_incomplete_form(unsent: Any) -> None:
    assert unsent.xpath("//*[@required]") == []


def test_a_legend_may_be_the_heading_of_the_page(unsent: Any) -> None:
    [heading] = unsent.xpath("//legend/h1")
    assert heading.text.strip() == "How do you vote?"
    assert "govuk-fieldset__legend--l" in heading.getparent().get("class")


def test_a_choice_describes_itself_by_its_hint(unsent: Any) -> None:
    [choice] = unsent.xpath("//input[@id='id_position_0']")
    [hint] = unsent.xpath(f"//div[@id='{choice.get('aria-describedby')}']")
    assert hint.text == "It comes into force."


def test_a_choice_may_stand_apart(unsent: Any) -> None:
    [divider] = unsent.xpath("//div[contains(@class, 'govuk-radios__divider')]")
    assert divider.getnext().xpath("input/@value") == ["none"]


def test_inline_radios(unsent: Any) -> None:
    [radios] = unsent.xpath("//div[contains(@class, 'govuk-radios--inline')]")
    assert radios.xpath(".//input/@name") == ["agreed"]


def test_a_question_that_may_stay_open_says_so(unsent: Any) -> None:
    marked = [
        node.text.strip() for node in unsent.xpath("//label | //legend") if "(optional)" in (node.text or "")
    ]
    assert marked == ["Reason (optional)"]


def test_help_text_is_escaped_and_described(unsent: Any) -> None:
    [hint] = unsent.xpath("//div[@id='id_name-hint']")
    assert hint.text == "As in the <appointment>."
    assert unsent.xpath("//input[@id='id_name']/@aria-describedby") == ["id_name-hint"]


def test_characters_left_are_described(unsent: Any) -> None:
    [area] = unsent.xpath("//textarea")
    assert area.get("aria-describedby") == "id_reason-info"
    assert unsent.xpath("//*[@id='id_reason-info']")[0].text == "You can enter up to 50 characters"


def test_a_hidden_label_is_still_a_label(unsent: Any) -> None:
    [label] = unsent.xpath("//label[@for='id_seat']")
    assert "govuk-visually-hidden" in label.get("class")


def test_a_number_is_typed_as_text(unsent: Any) -> None:
    [number] = unsent.xpath("//input[@id='id_notice']")
    assert (number.get("type"), number.get("inputmode")) == ("text", "numeric")


@pytest.mark.parametrize("name", ["name", "draft", "seat", "notice", "password", "confirmed"])
def test_a_wrong_input_says_that_it_is_wrong(empty: Any, name: str) -> None:
    [wrong] = empty.xpath(f"//*[@id='id_{name}']")
    assert wrong.get("aria-invalid") == "true"
    assert f"id_{name}-error" in wrong.get("aria-describedby").split()
    assert empty.xpath(f"//p[@id='id_{name}-error']/span")[0].text == "Error:"


@pytest.mark.parametrize("name", ["position", "topics", "held_on", "starts_at"])
def test_a_wrong_group_describes_its_error(empty: Any, name: str) -> None:
    [error] = empty.xpath(f"//p[@id='id_{name}-error']")
    [group] = error.xpath("ancestor::fieldset")
    assert f"id_{name}-error" in group.get("aria-describedby").split()


def test_hint_comes_before_error_in_the_description(empty: Any) -> None:
    [name] = empty.xpath("//input[@id='id_name']")
    assert name.get("aria-describedby") == "id_name-hint id_name-error"


def test_every_line_of_the_summary_leads_to_an_input() -> None:
    form = Ballot({})
    targets = [href.removeprefix("#") for href in summary(form).xpath("//a/@href")]
    inputs = set(tree(str(form)).xpath("//input/@id | //select/@id | //textarea/@id"))
    assert len(targets) == 11
    assert set(targets) <= inputs
    assert targets[1] == "id_position_0"


def test_the_summary_goes_to_the_wrong_box_of_a_date() -> None:
    form = Ballot({"held_on_0": "3", "held_on_1": "3", "held_on_2": ""})
    hrefs = {a.text: a.get("href") for a in summary(form).xpath("//a")}
    assert hrefs["Date of the meeting must include a year"] == "#id_held_on_2"
    invalid = tree(str(form)).xpath("//input[starts-with(@id, 'id_held_on') and @aria-invalid]/@id")
    assert invalid == ["id_held_on_2"]


def test_no_errors_no_summary() -> None:
    assert summary(Ballot()).xpath("//a | //h2") == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("name", "Enter name"),
        ("position", "Answer the question: How do you vote?"),
        ("topics", "Select topics"),
        ("held_on", "Enter date of the meeting"),
        ("draft", "Choose a file: draft"),
        ("seat", "Select seat"),
        ("confirmed", "Tick the box: I have read it"),
    ],
)
def test_what_is_missing_is_named(empty: Any, name: str, words: str) -> None:
    assert words in empty.xpath(f"//p[@id='id_{name}-error']")[0].text_content()


def test_a_wrong_address_says_what_a_right_one_is_like() -> None:
    class Address(forms.Form):
        email = forms.EmailField()

    assert NO_ADDRESS in str(Address({"email": "x"}))


def test_words_of_the_form_itself_stay() -> None:
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who you are"})

    assert "Say who you are" in str(Own({}))


@pytest.mark.clause("L1.13")
def test_a_rule_violation_becomes_an_error_at_its_field() -> None:
    form = Ballot({})
    with form_errors(form):
        raise RuleViolation("The vote has closed.", clause="L1.13", field="name")
    [error] = tree(str(form)).xpath("//p[@id='id_name-error']")
    assert "The vote has closed." in error.text_content()
    assert error.xpath(".//*[contains(@class, 'app-clause')]")[0].text_content().endswith("L1.13")


def test_a_rule_violation_without_a_field_is_in_the_summary_alone() -> None:
    form = Ballot({})
    with form_errors(form):
        raise RuleViolation("No quorum: 100% of nothing.", clause="L1.13", field="no such field")
    lines = [li.text_content() for li in summary(form).xpath("//li")]
    assert lines[0].startswith("No quorum: 100% of nothing.")
    assert not form.is_valid()


def test_other_faults_pass() -> None:
    with pytest.raises(ZeroDivisionError), form_errors(Ballot({})):
        raise ZeroDivisionError


def test_the_page_may_change_how_a_field_looks() -> None:
    template = Template('{% load ui %}{% field form.name size="m" hint="Another hint" %}')
    shown = tree(template.render(Context({"form": Ballot()})))
    assert "govuk-label--m" in shown.xpath("//label/@class")[0]
    assert shown.xpath("//div[@id='id_name-hint']")[0].text == "Another hint"


def test_initial_values_of_dates_fill_the_boxes_with_london_time() -> None:
    form = Ballot(
        initial={"held_on": date(2027, 3, 27), "starts_at": datetime(2027, 6, 1, 13, 15, tzinfo=UTC)}
    )
    shown = tree(str(form))
    assert shown.xpath("//input[starts-with(@id, 'id_held_on')]/@value") == ["27", "3", "2027"]
    assert shown.xpath("//input[starts-with(@id, 'id_starts_at')]/@value") == ["1", "6", "2027", "14:15"]


def test_formsets_keep_their_own_ids() -> None:
    class Line(forms.Form):
        text = forms.CharField()

    lines = forms.formset_factory(Line, extra=2)()
    shown = tree(str(lines))
    assert shown.xpath("//label/@for") == ["id_form-0-text", "id_form-1-text"]
    assert shown.xpath("//input[@name='form-TOTAL_FORMS']/@value") == ["2"]

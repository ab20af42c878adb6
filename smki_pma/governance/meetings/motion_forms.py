"""Forms for the parameters of the PMA's own motions."""

from typing import Any

from django import forms

from smki_pma.governance.meetings.forms import choices_of
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding
from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.rules_in_force.selectors import rule


class ParametersForm(forms.Form):
    """A form whose cleaned data become the parameters of a motion."""

    def __init__(self, *args: Any, subject_id: object = None, option: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ResolutionForm(ParametersForm):
    text = forms.CharField(
        label="What the SMKI PMA is to resolve",
        help_text="It follows the words “The SMKI PMA resolves”. It is public, unless the item is confidential.",
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class InstructionForm(ParametersForm):
    text = forms.CharField(
        label="Which services, for whom, and why",
        help_text="DCC acts on these words. Only those who may read the item see them.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AuditorForm(ParametersForm):
    """The person by id; who the auditors are now is said beside the names."""

    person = forms.ChoiceField(
        label="Person", help_text="Somebody not listed is first entered by the Secretariat."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auditors = {person.pk for person in people_holding(Role.AUDITOR)}
        choices_of(self, "person").choices = [
            ("", "Choose a person"),
            *(
                (str(each.pk), f"{each.name} (auditor)" if each.pk in auditors else each.name)
                for each in Person.objects.filter(is_active=True).order_by("name")
            ),
        ]


class RuleChangeForm(ParametersForm):
    """Yes and no are 1 and 0, since one field serves every rule."""

    key = forms.ChoiceField(label="Rule")
    value = forms.IntegerField(label="New value", help_text="For yes or no, write 1 or 0.")
    reason = forms.CharField(
        label="Reason",
        help_text="It stands with the question, and on the rules page if the change is carried.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "key").choices = [
            ("", "Choose a rule"),
            *(
                (r.key, f"{r.title} (now {r.in_words(rule(r.key))})")
                for r in catalogue().values()
                if r.may_change
            ),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = catalogue().get(data.get("key", ""))
        if chosen is not None and isinstance(chosen.value, bool) and data.get("value") in (0, 1):
            data["value"] = bool(data["value"])
        return data

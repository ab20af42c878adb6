"""Forms of the subscriber pages: shape only."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES
from certification.subscribers.rules import Ground, Policy
from smki_pma.parties.models import Person
from smki_pma.ui.forms import SubmitOnceForm

ROLE_CHOICES = [
    (str(code), f"{code}, {name}")
    for code, name in ROLE_CODES.items()
    if code not in RESERVED_FOR_AUTHORITIES
]


class ApplicationForm(SubmitOnceForm):
    """A Party's application under one policy, with its responsible officers."""

    policy = forms.ChoiceField(
        label="Certificate Policy",
        widget=forms.RadioSelect,
        choices=[(policy.value, policy.title) for policy in Policy],
    )
    officers = forms.MultipleChoiceField(label="Responsible officers", widget=forms.CheckboxSelectMultiple)
    field_options = {
        "policy": {"size": "m", "hint": "You apply under each policy on its own"},
        "officers": {"size": "m", "hint": "They hand in your requests, once DCC has verified them"},
    }

    def __init__(self, *args: Any, officers: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].choices = [(str(person.pk), person.name) for person in officers]

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        return {
            "policy": Policy(self.cleaned_data["policy"]),
            "officer_ids": [UUID(value) for value in self.cleaned_data["officers"]],
        }


class StepForm(forms.Form):
    """What one verification step found."""

    met = forms.ChoiceField(
        label="Result", widget=forms.RadioSelect, choices=[("yes", "Met"), ("no", "Not met")]
    )
    evidence = forms.CharField(
        label="What you checked, and where it is kept",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_options = {"met": {"inline": True, "size": "s"}, "evidence": {"count": True}}


class WithdrawalForm(forms.Form):
    """Why DCC ends an authorisation."""

    ground = forms.ChoiceField(
        label="Ground",
        widget=forms.RadioSelect,
        choices=[(ground.value, ground.title) for ground in Ground if ground is not Ground.PARTY_REQUEST],
    )
    reference = forms.CharField(label="Provision, with its number", max_length=200)
    field_options = {"ground": {"size": "m"}}


class RangeForm(forms.Form):
    """EUI-64 identifiers to assign, with role codes."""

    first = forms.CharField(label="First EUI-64", max_length=40)
    last = forms.CharField(label="Last EUI-64", max_length=40)
    role_codes = forms.MultipleChoiceField(
        label="Role codes", widget=forms.CheckboxSelectMultiple, choices=ROLE_CHOICES
    )
    field_options = {
        "first": {"hint": "16 hexadecimal digits, with any separators"},
        "last": {"hint": "The same as the first for a single identifier"},
        "role_codes": {"small": True, "hint": "In which the Party may use these identifiers"},
    }


class NominationForm(forms.Form):
    """One more responsible officer."""

    officer = forms.ChoiceField(label="Officer to nominate")

    def __init__(self, *args: Any, officers: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), person.name) for person in officers]
        self.fields["officer"].choices = [("", "Choose"), *people]

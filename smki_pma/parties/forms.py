"""Shape of what is entered on the community pages."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from smki_pma.parties.models import Holding, Office, Organisation, Party, PartyCategory, Person, VotingGroup
from smki_pma.parties.roles import Role
from smki_pma.parties.rules import APPOINTMENTS
from smki_pma.ui.fields import DayField
from smki_pma.ui.forms import SubmitOnceForm


class NonWorkingDayForm(forms.Form):
    """A one-off day that is not a Working Day."""

    day = DayField(label="Day")
    reason = forms.CharField(label="Why", max_length=200, help_text="For example: proclaimed bank holiday")


class RemoveDayForm(forms.Form):
    """Why a one-off day is a Working Day after all."""

    reason = forms.CharField(label="Why is it removed?", max_length=200, help_text="It is public.")


class PersonForm(SubmitOnceForm):
    """Somebody new."""

    name = forms.CharField(label="Full name", max_length=200)
    email = forms.EmailField(
        label="Work e-mail address", help_text="An invitation to set a password goes there"
    )
    employer = forms.ModelChoiceField(
        Organisation.objects.all(),
        label="Employer",
        required=False,
        empty_label="Nobody, or not on the list",
    )


class CorrectPersonForm(forms.Form):
    """Name and employer of somebody entered; the e-mail address until the invitation is accepted."""

    name = forms.CharField(label="Full name", max_length=200)
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="If you change it, an invitation goes to the new address and the earlier one opens nothing",
    )
    employer = forms.ModelChoiceField(
        Organisation.objects.all(),
        label="Employer",
        required=False,
        empty_label="Nobody, or not on the list",
    )

    def __init__(self, *args: Any, has_accepted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_accepted:
            del self.fields["email"]


class OrganisationForm(SubmitOnceForm):
    """A body that employs people."""

    name = forms.CharField(label="Name", max_length=200)
    parent = forms.ModelChoiceField(
        Organisation.objects.all(), label="Parent company", required=False, empty_label="None"
    )


class GroupForm(forms.Form):
    """An organisation's parent."""

    parent = forms.ModelChoiceField(
        Organisation.objects.all(), label="Parent company", required=False, empty_label="None"
    )


class VotingGroupForm(SubmitOnceForm):
    """A Voting Group."""

    name = forms.CharField(label="Name", max_length=200)
    category = forms.ChoiceField(
        label="Category of Party",
        choices=[choice for choice in PartyCategory.choices if choice[0] != PartyCategory.DCC],
    )


class PartyForm(SubmitOnceForm):
    """An organisation that is a Party."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(party__isnull=True), label="Organisation", empty_label="Choose one"
    )
    category = forms.ChoiceField(label="Category", choices=[("", "Choose one"), *PartyCategory.choices])
    voting_group = forms.ModelChoiceField(
        VotingGroup.objects.all(), label="Voting Group", required=False, empty_label="None"
    )


class ClassifyForm(forms.Form):
    """A Party's category and Voting Group."""

    category = forms.ChoiceField(label="Category", choices=PartyCategory.choices)
    voting_group = forms.ModelChoiceField(
        VotingGroup.objects.all(), label="Voting Group", required=False, empty_label="None"
    )


class AppointForm(SubmitOnceForm):
    """An office for somebody, from the offices that the recorder's roles may give."""

    office = forms.ModelChoiceField(Office.objects.none(), label="Office", empty_label="Choose one")
    person = forms.ModelChoiceField(
        Person.objects.filter(is_active=True), label="Person", empty_label="Choose one"
    )
    party = forms.ModelChoiceField(
        Party.objects.select_related("organisation"),
        label="Party",
        required=False,
        empty_label="None",
        help_text="For a Party officer: the Party that the person acts for",
    )
    ground = forms.CharField(
        label="By which letter or decision",
        max_length=500,
        help_text="For example: letter of Dunlin Energy Limited of 3 November 2026",
    )

    def __init__(self, *args: Any, holdings: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices_for(holdings)
        own = {holding.party_id for holding in holdings if holding.role is Role.PARTY_OFFICER}
        clerk = any(holding.role in (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR) for holding in holdings)
        if own and not clerk:
            parties = self.fields["party"]
            parties.queryset = Party.objects.filter(pk__in=own).select_related("organisation")
            parties.required = True


def offices_for(holdings: list[Holding]) -> QuerySet[Office]:
    """The offices that whoever holds these may record somebody in."""
    roles = {holding.role for holding in holdings}
    given = [role.value for role, how in APPOINTMENTS.items() if roles & set(how.recorded_by)]
    return Office.objects.filter(role__in=given)


class EndForm(forms.Form):
    """Why an office ends."""

    reason = forms.CharField(
        label="Why it ends", max_length=500, help_text="It ends at once and stays on record"
    )

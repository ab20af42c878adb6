"""Forms of the membership pages: shape alone, the services check the rules."""

from typing import Any
from uuid import UUID

from django import forms

from smki_pma.governance.membership.rules import GROUNDS_OF_END
from smki_pma.governance.membership.seats import SEATS, Seat, SeatKind
from smki_pma.parties.models import Person
from smki_pma.ui.fields import DayField
from smki_pma.ui.forms import SubmitOnceForm

TEXT = forms.Textarea(attrs={"rows": 3})


class PersonField(forms.ModelChoiceField):
    """A person of the register, shown with the employer."""

    def __init__(self, **options: Any) -> None:
        people = Person.objects.filter(is_active=True).select_related("employer").order_by("name")
        super().__init__(people, empty_label="Choose a person", **options)

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}, {person.employer}" if person.employer else str(person.name)


class SeatForm(forms.Form):
    seat = forms.ChoiceField(
        label="Which office?", choices=[(s.key, s.title) for s in SEATS], widget=forms.RadioSelect
    )


class AppointmentForm(SubmitOnceForm):
    """What the Code asks to be recorded differs by kind of seat."""

    person = PersonField(label="Who")
    decision = forms.CharField(label="By which decision, election or notice", max_length=200)
    decided_on = DayField(label="Date of it", about="the date of the decision")
    starts_on = DayField(label="First day in office", about="the first day in office")
    finding = forms.CharField(
        label="The Panel's finding of independence",
        help_text="Why the person is sufficiently independent of any particular Party or class of Parties.",
        widget=TEXT,
    )
    remuneration = forms.CharField(label="Remuneration, and by which decision", max_length=200)
    holdover_days = forms.IntegerField(
        label="Days for which the Chair may continue while a successor is delayed", min_value=1
    )
    notice_on = DayField(label="Date of the Sub-Committee's notice", about="the date of the notice")

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unwanted = {
            SeatKind.CHAIR: ("notice_on",),
            SeatKind.ELECTED: ("finding", "remuneration", "holdover_days", "notice_on"),
            SeatKind.REPRESENTATIVE: ("finding", "remuneration", "holdover_days"),
        }[seat.kind]
        for name in unwanted:
            del self.fields[name]

    def as_arguments(self) -> dict[str, Any]:
        """What the service takes."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "submission_key"}
        person_id: UUID = data.pop("person").pk
        return data | {"person_id": person_id}


class ConfirmationForm(forms.Form):
    given_on = DayField(label="When the Member Confirmation was given", about="the date of the confirmation")
    employer_letter = forms.CharField(
        label="The employer's letter",
        help_text="Its date and where it is kept. Leave empty where there is no employer.",
        max_length=200,
        required=False,
    )


class EndForm(forms.Form):
    ground = forms.ChoiceField(
        label="Why the term ends", choices=list(GROUNDS_OF_END.items()), widget=forms.RadioSelect
    )
    evidence = forms.CharField(
        label="Letter, notice or other evidence", widget=TEXT, help_text="Not public. Where it is kept."
    )
    last_day = DayField(
        label="Last day in office",
        help_text="For a resignation or a replacement. Every other ground ends the term at once.",
        about="the last day",
        required=False,
    )


class ResignationForm(forms.Form):
    last_day = DayField(label="Last day in office", about="the last day")


class AlternateForm(SubmitOnceForm):
    person = PersonField(label="Who is to act for you when you are away")
    specialist_unavailable = forms.CharField(
        label="Why the SMKI Specialist is unavailable", widget=TEXT, max_length=500
    )
    independence = forms.CharField(
        label="Why this person is sufficiently independent of any particular Party or class of Parties",
        widget=TEXT,
        max_length=500,
    )

    def __init__(self, *args: Any, is_chair: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_chair:
            del self.fields["specialist_unavailable"]
            del self.fields["independence"]

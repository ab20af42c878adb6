"""Forms of the meeting pages: shape alone, the services check the rules."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import validate_email

from smki_pma.files.receiving import DocumentFileField
from smki_pma.governance.meetings.models import Item, MeetingKind, Purpose
from smki_pma.governance.meetings.motions import MotionKind, all_motion_kinds
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.parties.roles import DCC_STAFF
from smki_pma.parties.selectors import people_holding
from smki_pma.ui.choices import Hinted
from smki_pma.ui.fields import MomentField
from smki_pma.ui.forms import SubmitOnceForm

PLAIN_RESOLUTION = "pma.resolve"
TEXT = forms.Textarea(attrs={"rows": 3})


def choices_of(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field of that name, which is one of choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field of choices.")
    return field


class CallMeetingForm(SubmitOnceForm):
    """ordinary, emergency: which kinds the person may call."""

    starts_at = MomentField(label="When it begins", about="the beginning of the meeting")
    place = forms.CharField(label="Where", help_text="A room, or how to join by telephone.", max_length=200)
    kind = forms.ChoiceField(
        label="Kind of meeting", choices=MeetingKind.choices, widget=forms.RadioSelect, initial="ordinary"
    )

    def __init__(self, *args: Any, ordinary: bool, emergency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not emergency:
            del self.fields["kind"]
        elif not ordinary:
            choices_of(self, "kind").choices = [(MeetingKind.EMERGENCY, MeetingKind.EMERGENCY.label)]
            self.fields["kind"].initial = MeetingKind.EMERGENCY


class ItemForm(SubmitOnceForm):
    field_options = {"title": {"label": "Confidential title"}}

    public_title = forms.CharField(
        label="Public title",
        help_text="It stands on the agenda, in mail and on the public page. It says nothing confidential.",
        max_length=200,
    )
    purpose = forms.ChoiceField(label="Purpose", choices=Purpose.choices, widget=forms.RadioSelect)
    about = forms.ChoiceField(
        label="What it is about",
        help_text="What can be put to a vote now. A conflict of interest then follows it everywhere.",
        required=False,
    )
    confidential = forms.BooleanField(
        label="The item is confidential",
        help_text="Its papers, notes and question are shown to the SMKI PMA's readers alone.",
        required=False,
    )
    title = forms.CharField(
        label="Confidential title",
        help_text="Shown in place of the public title to those who may read the item.",
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "about").choices = [("", "Nothing of these"), *subjects_to_decide()]

    def as_arguments(self) -> dict[str, Any]:
        """What the service takes; what is confidential by kind makes its item so (L9.12)."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "submission_key"}
        model, _, pk = data.pop("about").partition(":")
        if pk:
            data |= {"subject_model": model, "subject_id": UUID(pk)}
            kinds = [kind for kind in all_motion_kinds() if kind.subject_model == model]
            data["confidential"] = data["confidential"] or any(kind.confidential for kind in kinds)
        return data


def subjects_to_decide() -> list[tuple[str, str]]:
    """Everything that some motion can decide on now, each once, with a label that may stand anywhere."""
    found: dict[str, str] = {}
    for kind in all_motion_kinds():
        for pk, label in kind.subjects():
            found.setdefault(f"{kind.subject_model}:{pk}", label)
    return list(found.items())


class PaperForm(SubmitOnceForm):
    title = forms.CharField(label="Title of the paper", max_length=200)
    file = DocumentFileField(label="File")

    def __init__(self, *args: Any, max_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        if isinstance(field, DocumentFileField):
            field.limit_to(max_megabytes)


class ConveneForm(forms.Form):
    field_options = {"agreed": {"optional": ""}}

    dcc_representative = forms.ChoiceField(
        label="Representative of the DCC", help_text="Invited to every meeting, with the SMKI Specialist."
    )
    others = forms.CharField(
        label="Other people invited",
        help_text="One a line: name, capacity and, for somebody without an account, the e-mail address for the "
        "notice. For instance: Jo Field, representative of the Authority, jo.field@authority.example. One "
        "representative each of the Secretary of State and the Authority has notice.",
        widget=TEXT,
        required=False,
    )
    short_notice_ground = forms.CharField(
        label="Why notice is shorter, if it is",
        help_text="Leave it empty if notice is long enough.",
        widget=TEXT,
        required=False,
    )
    agreed = forms.MultipleChoiceField(
        label="Members who agree to shorter notice", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), person.name) for person in people_holding(*DCC_STAFF)]
        self._choices("dcc_representative", [("", "Choose a person"), *people])
        members = [
            (s.seat.key, f"{s.holding.person.name}, {s.seat.title}")
            for s in seats_at()
            if s.holding is not None
        ]
        self._choices("agreed", members)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        choices_of(self, name).choices = choices

    def clean_others(self) -> list[tuple[str, str, str]]:
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        return [_invited(line) for line in lines]


def _invited(line: str) -> tuple[str, str, str]:
    """Name, capacity and e-mail address of a line; the last two may be missing."""
    before, _, last = line.rpartition(",")
    address = last.strip() if "@" in last else ""
    if address:
        try:
            validate_email(address)
        except forms.ValidationError as error:
            message = f"Enter an e-mail address in the right form in the line “{line}”."
            raise forms.ValidationError(message) from error
    name, _, capacity = (before if address else line).partition(",")
    if not name.strip():
        raise forms.ValidationError(f"Give the name of the person in the line “{line}”.")
    return name.strip()[:200], capacity.strip()[:200], address


class ReasonForm(forms.Form):
    """One text that says why."""

    reason = forms.CharField(widget=TEXT, max_length=2000)

    def __init__(self, *args: Any, label: str = "Reason", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = hint


class ArrivalForm(forms.Form):
    """Who comes in: each choice is "seat:person", with an empty seat for those who have none."""

    arrivals = forms.MultipleChoiceField(label="Who comes in", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "arrivals").choices = choices


class DepartureForm(forms.Form):
    handed_to = forms.ChoiceField(
        label="Does an Alternate take the seat now?", widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, alternates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "handed_to").choices = [*alternates, ("", "No")]
        if not alternates:
            del self.fields["handed_to"]


class MotionForm(forms.Form):
    """Which motion, with which option."""

    motion = forms.ChoiceField(label="Which question?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting, others = motions_for(item)
        groups = [("Other questions", _options(others))] if others else []
        choices_of(self, "motion").choices = [*_options(fitting), *groups]


def _options(kinds: list[MotionKind]) -> list[tuple[str, str]]:
    return [
        (f"{kind.key}:{option.key}", Hinted(f"{kind.title}: {option.label}", hint=option.effect))
        for kind in kinds
        for option in kind.options
    ]


def motions_for(item: Item) -> tuple[list[MotionKind], list[MotionKind]]:
    """The kinds that fit the item now, and others that could be put too.

    On an item with a subject the first are those about it, and the plain resolution. On an item without one
    a kind that has nothing to decide on now is left out. At a meeting for L2.14 only its own kinds are given.
    """
    kinds = [k for k in all_motion_kinds() if k.fits(item.subject_model, confidential=item.confidential)]
    if item.meeting.is_emergency:
        kinds = [k for k in kinds if k.for_emergency]
    if item.subject_id is None:
        return [k for k in kinds if not k.subject_model or k.subjects()], []
    fitting = [k for k in kinds if item.subject_id in dict(k.subjects())]
    plain = [k for k in kinds if k.key == PLAIN_RESOLUTION]
    fitting += plain
    return fitting, [k for k in kinds if k not in fitting]


class SubjectForm(SubmitOnceForm):
    subject = forms.ChoiceField(label="What is decided on?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "subject").choices = subjects
        if not subjects:
            del self.fields["subject"]


class ConflictQuestionForm(forms.Form):
    interest = forms.ChoiceField(
        label="Do you, or does the body that employs you, have an interest in how this is decided?",
        choices=[
            ("no", Hinted("No, I have no conflict of interest")),
            (
                "yes",
                Hinted(
                    "Yes, I have a conflict of interest",
                    hint="You leave for this item, do not vote and no longer see its confidential papers.",
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you have a conflict of interest."},
    )


class BallotForm(forms.Form):
    field_options = {"reason": {"count": True}}

    position = forms.ChoiceField(
        label="How do you vote?",
        choices=[
            ("for", "For"),
            ("against", "Against"),
            (
                "abstain",
                Hinted("Abstain", hint="You count for quorum, but not for or against."),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for, against or abstain."},
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Kept with your ballot and shown to members.",
        widget=TEXT,
        max_length=1000,
        required=False,
    )
    opening = forms.CharField(widget=forms.HiddenInput)


class ConfirmOpeningForm(forms.Form):
    asked = forms.BooleanField(
        label="Members were asked whether they have a conflict of interest in this item",
        error_messages={"required": "Ask for conflicts of interest before you open the vote."},
    )


class ConfirmMinutesForm(forms.Form):
    dispute = forms.CharField(
        label="What is disputed, if anything",
        help_text="It stands beside the minutes for their readers. The signed text does not change.",
        widget=TEXT,
        max_length=2000,
        required=False,
    )


class NoteForm(forms.Form):
    public_text = forms.CharField(
        label="Public note", help_text="Stands in the public minutes.", widget=TEXT, required=False
    )
    confidential_text = forms.CharField(
        label="Confidential note",
        help_text="Shown to the readers of the item alone, in the full minutes.",
        widget=TEXT,
        required=False,
    )

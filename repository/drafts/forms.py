"""Shapes of what DCC, members and the Secretariat send about a draft."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, Review
from repository.drafts.rules import Checklist
from repository.drafts.services.submitting import ProposedAmendment
from smki_pma.files.receiving import DocumentFileField, ReceivedFile
from smki_pma.ui.choices import Hinted
from smki_pma.ui.forms import SubmitOnceForm


class _FileForm(SubmitOnceForm):
    """A form with a document."""

    file = DocumentFileField(label="Document")

    def __init__(self, *args: Any, max_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        if isinstance(field, DocumentFileField):
            field.limit_to(max_megabytes)

    @property
    def file_received(self) -> ReceivedFile:
        file: ReceivedFile = self.cleaned_data["file"]
        return file


class SubmitDraftForm(_FileForm):
    """The initial draft with the checklist of L9.8 or L9.14."""

    where_policies = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    where_procedures = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    where_other = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, cps: Cps, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "where_policies": (
                "Where are the policies and procedures?",
                f"Those designed to ensure that DCC complies with the {cps.policy} ({cps.cited('L9.8(a)')}).",
            ),
            "where_procedures": (
                "Where are the detailed operating procedures?",
                f"Those that DCC uses to comply with that Policy ({cps.cited('L9.8(b)')}).",
            ),
            "where_other": (
                "Where are the other provisions that are required?",
                f"By or under that Policy or any other part of the Code ({cps.cited('L9.8(c)')}).",
            ),
        }
        for name, (label, hint) in asked.items():
            self.fields[name].label = label
            self.fields[name].help_text = hint

    @property
    def checklist(self) -> Checklist:
        return Checklist(
            where_policies=self.cleaned_data["where_policies"],
            where_procedures=self.cleaned_data["where_procedures"],
            where_other=self.cleaned_data["where_other"],
        )


class ProposeAmendmentForm(SubmitOnceForm):
    """One amendment of the initial draft, proposed before the vote."""

    place = forms.CharField(
        label="Where in the draft?", help_text="Section, page or paragraph.", max_length=200
    )
    text = forms.CharField(
        label="What must DCC change?",
        help_text="Write it so that it can be checked that it was done.",
        max_length=5000,
        widget=forms.Textarea,
    )


class LaterAmendmentForm(forms.Form):
    """One later amendment with its new text."""

    place = forms.CharField(label="Where in the CPS?", max_length=200)
    text = forms.CharField(label="Proposed new text", max_length=10000, widget=forms.Textarea)
    reason = forms.CharField(
        label="Why?", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def proposed(self) -> ProposedAmendment:
        return ProposedAmendment(**{name: self.cleaned_data[name] for name in ("place", "text", "reason")})


LaterAmendmentFormSet = forms.formset_factory(
    LaterAmendmentForm, extra=0, min_num=1, validate_min=True, max_num=50, absolute_max=50
)


class ProposeLaterForm(SubmitOnceForm):
    """What the review was and found."""

    review_outcome = forms.CharField(
        label="What was reviewed, and what did you find?", max_length=5000, widget=forms.Textarea
    )
    review = forms.ModelChoiceField(
        label="Which review that the SMKI PMA required does this follow?",
        queryset=Review.objects.none(),
        required=False,
        empty_label="None: DCC's own review",
    )

    def __init__(self, *args: Any, cps: Cps, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviews = Review.objects.filter(cps=cps, done_at__isnull=True)
        self.fields["review"].queryset = reviews
        if not reviews.exists():
            del self.fields["review"]


class AnswerForm(_FileForm):
    """The amended document, and where each amendment stands in it. There is no way to refuse one."""

    def __init__(self, *args: Any, owed: Iterable[Amendment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed = list(owed)
        for amendment in self.owed:
            self.fields[_made(amendment.pk)] = forms.CharField(
                label=f"Amendment {amendment.number}, {amendment.place}: where is it made?",
                help_text=amendment.text,
                max_length=1000,
                initial=amendment.made_where,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": f"Say where amendment {amendment.number} is made."},
            )

    @property
    def statements(self) -> Mapping[UUID, str]:
        return {amendment.pk: self.cleaned_data[_made(amendment.pk)] for amendment in self.owed}


class CheckForm(SubmitOnceForm):
    """The Secretariat's check of fact. It approves nothing."""

    revision_number = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        choices=[
            (
                "confirm",
                Hinted("Each amendment is made and nothing else is changed", hint="It becomes the CPS."),
            ),
            (
                "return",
                Hinted("Something is missing, or something else is changed", hint="It goes back to DCC."),
            ),
        ],
    )
    facts = forms.MultipleChoiceField(
        label="If all is as decided, confirm both facts",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("each_made", "I have found each amendment made as decided"),
            ("nothing_else", "I have found no other change"),
        ],
    )
    other_changes = forms.CharField(
        label="If not: what else is changed?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_options = {"facts": {"optional": ""}, "other_changes": {"optional": ""}}

    def __init__(self, *args: Any, stated: Iterable[Amendment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stated = list(stated)
        for amendment in self.stated:
            self.fields[_missing(amendment.pk)] = forms.CharField(
                label=f"If not: what is missing of amendment {amendment.number}?",
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def missing(self) -> Mapping[UUID, str]:
        said = {amendment.pk: self.cleaned_data[_missing(amendment.pk)] for amendment in self.stated}
        return {id: text for id, text in said.items() if text.strip()}


class WithdrawForm(SubmitOnceForm):
    """Why DCC takes a submission back."""

    reason = forms.CharField(
        label="Why is it withdrawn?",
        help_text="It is confidential, as the submission is.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CompleteReviewForm(SubmitOnceForm):
    """What a required review found where it leads to no amendment."""

    outcome = forms.CharField(label="What did the review find?", max_length=5000, widget=forms.Textarea)


def _made(id: UUID) -> str:
    return f"made_{id.hex}"


def _missing(id: UUID) -> str:
    return f"missing_{id.hex}"

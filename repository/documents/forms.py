"""Shapes of what people send: purpose of reading, filter, lodging."""

from typing import Any

from django import forms

from repository.documents.access import Access
from repository.documents.kinds import ONE_OF_A_KIND, OWED_BY_THE_PMA, PURPOSES, Capacity, DocumentKind
from repository.documents.permissions import Lodger
from repository.documents.selectors import Wanted
from smki_pma.calendar import clock
from smki_pma.files.receiving import DocumentFileField, ReceivedFile
from smki_pma.ui.fields import DayField
from smki_pma.ui.forms import SubmitOnceForm


class PurposeForm(forms.Form):
    """In what capacity somebody reads, and for what purpose. L5.11"""

    key = forms.ChoiceField(label="For whom do you read?", widget=forms.RadioSelect)
    purpose = forms.CharField(
        label="What do you need the Repository for?",
        help_text=(
            "Parties and the SMKI PMA read only as they reasonably need to for a purpose of the Code. "
            "Your words are kept with each document that you open today."
        ),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    field_options = {"purpose": {"count": True, "optional": ""}}

    def __init__(self, *args: Any, accesses: list[Access], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accesses = {access.key: access for access in accesses}
        choices = [(access.key, access.title) for access in accesses]
        self.fields["key"].choices = choices
        if len(choices) == 1:
            self.fields["key"].widget = forms.HiddenInput()
            self.fields["key"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        access = self.accesses.get(cleaned.get("key", ""))
        words = " ".join(cleaned.get("purpose", "").split())
        if access and access.needs_purpose and len(words) < 3:
            self.add_error("purpose", "Say what you need the Repository for.")
        cleaned["purpose"] = words or "For the Panel's functions"
        return cleaned


class FilterForm(forms.Form):
    """The filter above the list. Anything unreadable is left out, never an error."""

    words = forms.CharField(label="Title contains", max_length=100, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "All kinds"), *DocumentKind.choices], required=False)
    all_versions = forms.BooleanField(label="Show superseded versions too", required=False)

    def wanted(self, sort: str) -> Wanted:
        """The filter as plain data."""
        self.is_valid()
        return Wanted(
            sort=sort,
            **{name: self.cleaned_data.get(name, "") or "" for name in ("words", "kind")},
            all_versions=bool(self.cleaned_data.get("all_versions")),
        )


class RequireLodgingForm(SubmitOnceForm):
    """What has happened to a policy that the PMA lodges. L5.7, L5.8"""

    kind = forms.ChoiceField(
        label="Which document?",
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in OWED_BY_THE_PMA],
    )
    event = forms.ChoiceField(
        label="What happened to it?",
        widget=forms.RadioSelect,
        choices=[
            ("incorporated", "It was incorporated into the Code"),
            ("modified", "It was modified in accordance with the Code"),
        ],
    )
    happened_on = DayField(
        label="When?",
        help_text="Where the SMKI Repository Service first became available later, the day of that.",
        about="the date",
    )


class LodgeForm(SubmitOnceForm):
    """A version to lodge."""

    kind = forms.ChoiceField(label="What are you lodging?", widget=forms.RadioSelect)
    title = forms.CharField(
        label="Title",
        help_text="Only for other documents. To lodge a new version of one, give its title exactly.",
        max_length=200,
        required=False,
    )
    file = DocumentFileField(label="File")
    dated_on = DayField(label="Date of this version", about="the date of this version")
    purpose = forms.ChoiceField(label="For what purpose?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, lodger: Lodger, max_megabytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            k for k in DocumentKind if lodger.capacity is Capacity.DCC or k is not DocumentKind.CHOSEN_BY_DCC
        ]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        purposes = [(purpose.value, purpose.label) for purpose in PURPOSES[lodger.capacity]]
        self.fields["purpose"].choices = purposes
        if len(purposes) == 1:
            self.fields["purpose"].initial = purposes[0][0]
        field = self.fields["file"]
        assert isinstance(field, DocumentFileField)  # noqa: S101 - for the type checker
        field.limit_to(max_megabytes)
        self.fields["dated_on"].initial = clock.today()

    def clean_title(self) -> str:
        kind = self.cleaned_data.get("kind", "")
        title = " ".join(self.cleaned_data["title"].split())
        if kind and kind not in {k.value for k in ONE_OF_A_KIND} and not title:
            raise forms.ValidationError("Enter the title of the document.")
        return title

    @property
    def file_received(self) -> ReceivedFile:
        file: ReceivedFile = self.cleaned_data["file"]
        return file

"""Forms of the batch pages: shape only."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from certification.batches.models import Outcome
from certification.batches.rules import LONGEST_NAME
from certification.subscribers.models import AuthorisedSubscriber
from smki_pma.ui.forms import SubmitOnceForm
from smki_pma.ui.widgets import DropZone


class BatchForm(SubmitOnceForm):
    """One ZIP of requests, for one subscriber."""

    subscriber = forms.ChoiceField(label="Subscriber", widget=forms.RadioSelect)
    file = forms.FileField(
        label="ZIP archive",
        allow_empty_file=True,
        widget=DropZone(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose the ZIP archive with your requests."},
    )
    field_options = {"subscriber": {"size": "m"}, "file": {"size": "m"}}

    def __init__(
        self, *args: Any, subscribers: Sequence[AuthorisedSubscriber], megabytes: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.megabytes = megabytes
        field = self.fields["subscriber"]
        field.choices = [(str(each.party_id), str(each.party)) for each in subscribers]
        if len(subscribers) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(subscribers[0].party_id)
        self.fields["file"].help_text = f"With files named .csr in its root, at most {megabytes} MB"

    def file_name(self) -> str:
        return str(self.cleaned_data["file"].name or "")[-LONGEST_NAME:]

    def with_new_key(self) -> None:
        """Let the form, shown again with its errors, be sent again as a new batch."""
        data = self.data.copy()
        data["submission_key"] = str(uuid4())
        self.data = data


class ItemSearchForm(forms.Form):
    """Which results to list."""

    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "All"), *Outcome.choices])
    search = forms.CharField(label="File name or EUI-64", required=False, max_length=128, strip=True)
    field_options = {
        "outcome": {"optional": ""},
        "search": {"hint": "Part of the name, or the beginning of the EUI-64", "optional": ""},
    }


class PauseForm(forms.Form):
    """Why a batch is held."""

    reason = forms.CharField(
        label="Why it is paused",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_options = {
        "reason": {"hint": "The subscriber sees this", "optional": "", "count": True},
    }

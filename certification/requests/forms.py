"""Forms of the portal: shape only."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from certification.authorities.request_text import RequestText
from certification.requests.rules import LARGEST_REQUEST
from certification.subscribers.models import AuthorisedSubscriber
from smki_pma.ui.forms import SubmitOnceForm


class RequestForm(SubmitOnceForm):
    """One Certificate Signing Request, pasted or uploaded, for one subscriber."""

    subscriber = forms.ChoiceField(label="Subscriber", widget=forms.RadioSelect)
    text = forms.CharField(
        label="Paste the request",
        required=False,
        strip=False,
        widget=RequestText(rows=10),
    )
    file = forms.FileField(label="Or upload a file", required=False, allow_empty_file=True)
    field_options = {
        "subscriber": {"size": "m"},
        "text": {"hint": "PEM or Base64, in lines of any length", "optional": "", "size": "m"},
        "file": {"hint": "PEM, Base64 or DER, at most 16 KB", "optional": "", "size": "m"},
    }

    def __init__(self, *args: Any, subscribers: Sequence[AuthorisedSubscriber], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["subscriber"]
        field.choices = [(str(each.party_id), str(each.party)) for each in subscribers]
        if len(subscribers) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(subscribers[0].party_id)

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload is None:
            return b""
        if upload.size == 0:
            raise forms.ValidationError("The file is empty. Choose the file with your request in it.")
        if upload.size > LARGEST_REQUEST:
            raise forms.ValidationError("The file must be smaller than 16 KB. A request has some 300 bytes.")
        content: bytes = upload.read()
        return content

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > LARGEST_REQUEST:
            raise forms.ValidationError("The text must be shorter than 16 KB. A request has some 300 bytes.")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        text, file = cleaned["text"].strip(), cleaned["file"]
        if text and file:
            self.add_error("file", "Paste the request or upload a file, not both.")
        elif not text and not file:
            self.add_error("text", "Paste a Certificate Signing Request, or upload a file with one.")
        return cleaned

    def csr(self) -> bytes:
        """The bytes handed in."""
        uploaded: bytes = self.cleaned_data["file"]
        return uploaded or self.cleaned_data["text"].encode("utf-8", "replace")

    def with_new_key(self) -> None:
        """Let the form, shown again with its faults, be sent again as a new request."""
        data = self.data.copy()
        data["submission_key"] = str(uuid4())
        self.data = data


class RefusalForm(forms.Form):
    """Why a request is refused although every check passes."""

    provision = forms.CharField(label="Provision that is not met", max_length=120, required=False)
    explanation = forms.CharField(
        label="Why it is not met", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_options = {
        "provision": {
            "hint": "Of the Organisation Certificate Policy or the RAPP, for example OCP 4.2.2. "
            "Leave empty if a check above failed: the failed checks are the reason.",
            "optional": "",
        },
        "explanation": {"optional": "", "count": True},
    }

"""Forms of revocation: shape only."""

from typing import Any

from django import forms

from certification.revocations.rules import Origin, Reason, reasons_for
from repository.certificates.identifiers import parse_serial
from smki_pma.ui.forms import SubmitOnceForm


class FindForm(forms.Form):
    """A Certificate by its serial number."""

    serial = forms.CharField(label="Find a Certificate by its serial number", max_length=80)
    field_options = {"serial": {"hint": "Hexadecimal or decimal", "size": "s"}}

    def clean_serial(self) -> str:
        try:
            return parse_serial(self.cleaned_data["serial"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class RevocationForm(SubmitOnceForm):
    """Why a Certificate is to be revoked; read and understood, since nothing undoes it."""

    reason = forms.ChoiceField(label="Why is it to be revoked?", widget=forms.RadioSelect)
    explanation = forms.CharField(
        label="What has happened", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    understood = forms.BooleanField(label="I understand that a revoked Certificate stays revoked")
    field_options = {
        "reason": {"size": "m"},
        "explanation": {
            "hint": "DCC's Registration Authority checks what you say",
            "count": True,
            "size": "m",
        },
    }

    def __init__(self, *args: Any, origin: Origin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason.value, reason.title) for reason in reasons_for(origin)]

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        return {
            "reason": Reason(self.cleaned_data["reason"]),
            "explanation": self.cleaned_data["explanation"],
        }


class RejectionForm(SubmitOnceForm):
    """What is wrong with a Certificate that was issued."""

    explanation = forms.CharField(
        label="What is wrong with it", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    understood = forms.BooleanField(label="I understand that this cannot be undone")
    field_options = {"explanation": {"count": True, "size": "m"}}


class EvidenceForm(forms.Form):
    """How a request was verified."""

    evidence = forms.CharField(
        label="How you verified that the request is genuine",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_options = {
        "evidence": {
            "hint": "For example: called the responsible officer back on the number in the register",
            "count": True,
        }
    }


class FindingForm(forms.Form):
    """What an investigation found, or what was considered."""

    finding = forms.CharField(
        label="What you found", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_options = {"finding": {"count": True}}

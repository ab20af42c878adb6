"""What a motion to direct a revocation says."""

from typing import Any

from django import forms

from repository.certificates.identifiers import parse_serial


class DirectRevocationForm(forms.Form):
    """Which Certificate, and why."""

    serial = forms.CharField(label="Serial number of the Certificate", max_length=80)
    reason = forms.CharField(
        label="Why it is to be revoked", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_options = {
        "serial": {"hint": "As the Repository shows it, hexadecimal or decimal"},
        "reason": {"hint": "It stands with the question. It is public, unless the item is confidential."},
    }

    def __init__(self, *args: Any, subject_id: Any = None, option: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_serial(self) -> str:
        try:
            return parse_serial(self.cleaned_data["serial"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

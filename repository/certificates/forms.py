"""The search form: shape only."""

from typing import Any

from django import forms

from repository.certificates.identifiers import parse_eui64, parse_eui64_prefix, parse_serial
from repository.certificates.kinds import CertificateKind, Status, Usage
from repository.certificates.selectors import Query

ANY = ("", "Any")


class SearchForm(forms.Form):
    """Everything is optional; an identifier that cannot be read is an error of its field."""

    eui64 = forms.CharField(label="EUI-64", required=False, max_length=40, strip=True)
    serial = forms.CharField(label="Serial number", required=False, max_length=80, strip=True)
    kind = forms.ChoiceField(label="Certificate", required=False, choices=[ANY, *CertificateKind.choices])
    role = forms.IntegerField(label="Role code", required=False, min_value=0, max_value=255)
    usage = forms.ChoiceField(label="Key usage", required=False, choices=[ANY, *Usage.choices])
    status = forms.ChoiceField(label="Status", required=False, choices=[ANY, *Status.choices])
    issuer = forms.ChoiceField(label="Issuer", required=False)
    field_options = {
        "eui64": {"hint": "All of it or its beginning, with any separators", "optional": ""},
        "serial": {"hint": "Hexadecimal or decimal", "optional": ""},
        "kind": {"optional": ""},
        "role": {"hint": "Decimal, for example 2 for Supplier", "width": 4, "optional": ""},
        "usage": {"optional": ""},
        "status": {"optional": ""},
        "issuer": {"optional": ""},
    }

    def __init__(self, *args: Any, issuers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = [ANY, *((name, name) for name in issuers)]

    def clean_eui64(self) -> str:
        return self._identifier("eui64", parse_eui64_prefix)

    def clean_serial(self) -> str:
        return self._identifier("serial", parse_serial)

    def _identifier(self, name: str, parse: Any) -> str:
        text: str = self.cleaned_data[name]
        try:
            if text:
                parse(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def query(self) -> Query:
        """The search that the form asks for."""
        return Query(**self.cleaned_data)


class IssuedForm(forms.Form):
    """The EUI-64 whose Certificates are asked for."""

    eui64 = forms.CharField(label="EUI-64", max_length=40, strip=True)
    field_options = {"eui64": {"hint": "All of it, with any separators, for example 90-B3-D5-1F-30-01-00-00"}}

    def clean_eui64(self) -> str:
        try:
            return parse_eui64(self.cleaned_data["eui64"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

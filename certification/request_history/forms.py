"""What the history is searched by: shape only."""

from typing import Any

from django import forms

from certification.batches.models import Outcome
from certification.request_history.selectors import IN_HAND, Query
from certification.requests.states import LIFE_CYCLE, NEW
from repository.certificates.identifiers import parse_eui64
from smki_pma.ui.fields import DayField

ANY = ("", "Any")
STATES = [(state, title) for state, title in LIFE_CYCLE.states.items() if state != NEW]


class HistoryForm(forms.Form):
    """Everything is optional."""

    eui64 = forms.CharField(label="EUI-64", required=False, max_length=40, strip=True)
    since = DayField(label="Handed in from", required=False, about="the first day")
    until = DayField(label="Handed in up to", required=False, about="the last day")
    state = forms.ChoiceField(label="State", required=False, choices=[ANY, *STATES])
    outcome = forms.ChoiceField(
        label="Outcome",
        required=False,
        choices=[
            ANY,
            (Outcome.CERTIFICATE.value, "Certificate sent"),
            (Outcome.ERROR.value, "Error sent"),
            (IN_HAND, "Not answered yet"),
        ],
    )
    field_options = {
        "eui64": {"hint": "All of it, with any separators", "optional": ""},
        "since": {"optional": ""},
        "until": {"optional": ""},
        "state": {"optional": ""},
        "outcome": {"optional": ""},
    }

    def clean_eui64(self) -> str:
        text: str = self.cleaned_data["eui64"]
        try:
            return parse_eui64(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be the first day or later.")
        return cleaned

    def query(self) -> Query:
        """The search that the form asks for."""
        return Query(**self.cleaned_data)

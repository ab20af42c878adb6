"""Forms of the forecast pages: shape only."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from certification.performance.rules import LARGEST, LARGEST_FILE, Expected, compute_months
from smki_pma.ui.forms import SubmitOnceForm

KINDS = (("single", "one by one"), ("batched", "in batches"), ("organisation", "Organisation"))


class ForecastForm(SubmitOnceForm):
    """The eight months to come, three numbers each."""

    note = forms.CharField(label="Note to DCC", max_length=300, required=False)
    field_options: dict[str, dict[str, Any]] = {
        "note": {"hint": "For example why it differs from the last one"}
    }

    def __init__(self, *args: Any, on: date, known: Iterable[Expected] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = compute_months(on)
        self.field_options = dict(self.field_options)
        numbers = {each.month: each for each in known}
        for month in self.months:
            for kind, words in KINDS:
                name = _name(month, kind)
                self.fields[name] = forms.IntegerField(
                    label=f"{month:%B %Y}, {words}",
                    min_value=0,
                    max_value=LARGEST,
                    initial=getattr(numbers[month], kind) if month in numbers else None,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                )
                self.field_options[name] = {"hide_label": True, "width": 10}
        self.order_fields([*(_name(month, kind) for month in self.months for kind, _ in KINDS), "note"])

    def rows(self) -> list[tuple[date, list[Any]]]:
        """The fields as a table: each month with its three."""
        return [(month, [self[_name(month, kind)] for kind, _ in KINDS]) for month in self.months]

    def expected(self) -> list[Expected]:
        """What was put in."""
        return [
            Expected(month, *(self.cleaned_data[_name(month, kind)] for kind, _ in KINDS))
            for month in self.months
        ]


def _name(month: date, kind: str) -> str:
    return f"{kind}_{month:%Y_%m}"


class ForecastFileForm(forms.Form):
    """The same as a CSV file."""

    file = forms.FileField(label="CSV file", allow_empty_file=True)
    field_options = {"file": {"hint": "Four columns: month, single, batched, organisation"}}

    def content(self) -> bytes:
        """What is in the file, as far as it may go."""
        content: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return content

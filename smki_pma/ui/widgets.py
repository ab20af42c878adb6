"""GOV.UK inputs that Django does not have: dates, alone and with a time of day, and the drop zone for a file."""

from datetime import date, datetime
from typing import Any

from django import forms


class DropZone(forms.FileInput):
    """A file input onto which a file can be dropped; without scripts an ordinary one."""

    template_name = "ui/forms/drop_zone.html"


class _Part(forms.TextInput):
    """One box of a group, with a label of its own."""

    template_name = "ui/forms/part.html"

    def __init__(self, words: str, width: int, *, numeric: bool = True) -> None:
        attrs = {"class": f"govuk-input govuk-date-input__input govuk-input--width-{width}"}
        if numeric:
            attrs["inputmode"] = "numeric"
        super().__init__(attrs)
        self.words = words

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["words"] = self.words
        return context


class PartedInput(forms.MultiWidget):
    """Several boxes for one answer; those named in the attribute `wrong_parts` are marked as wrong."""

    template_name = "ui/forms/parted_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong: frozenset[int] = attrs.pop("wrong_parts", frozenset())
        context = super().get_context(name, value, attrs)
        for index, part in enumerate(context["widget"]["subwidgets"]):
            if index in wrong:
                part["attrs"]["class"] += " govuk-input--error"
                part["attrs"]["aria-invalid"] = "true"
        return context


class DayInput(PartedInput):
    """Day, month and year in three boxes."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([_Part("Day", 2), _Part("Month", 2), _Part("Year", 4)], attrs)

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else [None, None, None]


class MomentInput(PartedInput):
    """Day, month, year and a London time of day."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts = [_Part("Day", 2), _Part("Month", 2), _Part("Year", 4), _Part("Time", 5, numeric=False)]
        super().__init__(parts, attrs)

    def decompress(self, value: datetime | None) -> list[Any]:
        if not value:
            return [None, None, None, None]
        return [value.day, value.month, value.year, f"{value:%H:%M}"]

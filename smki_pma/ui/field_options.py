"""How a field is to look: chosen by the form (`field_options`) or by the page (`{% field %}`)."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldOptions:
    """heading: size (l, xl, m) of a label that is the page's h1. size: size of a label that is not (s, m, l).

    width: characters that the input shows (2, 3, 4, 5, 10, 20). inline, small: radios beside each other, or
    smaller. count: show how many characters are left (the field needs a max_length). optional: words to add
    to the label of a field that may stay empty; "" for none. label: other words for the label.
    """

    heading: str = ""
    size: str = ""
    width: int = 0
    inline: bool = False
    small: bool = False
    prefix: str = ""
    suffix: str = ""
    hide_label: bool = False
    count: bool = False
    optional: str = "(optional)"
    label: str = ""
    hint: str = ""

    def with_changes(self, changes: dict[str, Any]) -> "FieldOptions":
        return replace(self, **changes)

    @classmethod
    def of(cls, form: object, name: str) -> "FieldOptions":
        """The options that a form's `field_options` gives to a field."""
        return cls(**getattr(form, "field_options", {}).get(name, {}))

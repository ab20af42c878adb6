"""The lines of an error summary."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm


@dataclass(frozen=True, slots=True)
class ListedError:
    """text: what is wrong. target: the id of the input to go to, "" for an error of the whole form."""

    text: str
    target: str
    clause: str


def listed_errors(forms: Iterable[BaseForm | None]) -> list[ListedError]:
    """Every error of the forms in the order of their fields; those of a whole form first."""
    return [error for form in forms if form is not None for error in _of_form(form)]


def _of_form(form: BaseForm) -> Iterator[ListedError]:
    for name in (NON_FIELD_ERRORS, *form.fields):
        if name not in form.errors:
            continue
        hidden = name == NON_FIELD_ERRORS or form.fields[name].widget.is_hidden
        target = "" if hidden else form[name].error_target  # type: ignore[attr-defined]
        for error in form.errors[name].as_data():
            yield ListedError(" ".join(error.messages), target, getattr(error, "clause", ""))

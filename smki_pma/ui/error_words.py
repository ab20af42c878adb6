"""Errors in words for people: what is wrong, which input it is about, and the clause behind it."""

from calendar import month_name
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import validate_email
from django.forms import BaseForm, BaseFormSet, Field

CHOICES = {"radios", "checkboxes", "select"}
NO_ADDRESS = "Enter an e-mail address in the right form, like name@example.com"


@dataclass(frozen=True, slots=True)
class ListedError:
    """text: what is wrong. target: the id of the input to go to, "" for an error of the whole form."""

    text: str
    target: str
    clause: str

    @classmethod
    def of(cls, error: ValidationError, bound: Any = None) -> "ListedError":
        """An error, of a bound field or (without one) of the whole form."""
        text = " ".join(error.messages)
        if bound is not None and text == Field.default_error_messages["required"]:
            text = missing_words(bound.kind, bound.options.label or str(bound.label))
        elif text == str(validate_email.message):
            text = NO_ADDRESS
        target = bound.error_target if bound is not None else ""
        return cls(text, target, getattr(error, "clause", ""))


def missing_words(kind: str, label: str) -> str:
    """What to say where an answer is missing and the form says nothing better."""
    if kind == "checkbox":
        return f"Tick the box: {label}"
    if label.endswith("?"):
        return f"Answer the question: {label}"
    named = label if _begins_with_a_name(label) else label[:1].lower() + label[1:]
    if kind == "file":
        return f"Choose a file: {named}"
    return f"Select {named}" if kind in CHOICES else f"Enter {named}"


def _begins_with_a_name(label: str) -> bool:
    """An abbreviation, a month, or a term of the Code: "EUI-64", "May 2027", "Certificate Policy"."""
    first, _, rest = label.partition(" ")
    return label[:2].isupper() or first in month_name[1:] or rest[:1].isupper()


def listed_errors(forms: Iterable["BaseForm | BaseFormSet[Any] | None"]) -> list[ListedError]:
    """Every error of the forms and form sets in the order of their fields; those of a whole form or set first."""
    return [error for form in forms if form is not None for error in _of(form)]


def _of(form: "BaseForm | BaseFormSet[Any]") -> Iterator[ListedError]:
    if isinstance(form, BaseForm):
        yield from _of_form(form)
        return
    yield from (ListedError.of(error) for error in form.non_form_errors().as_data())
    for each in form:
        yield from _of_form(each)


def _of_form(form: BaseForm) -> Iterator[ListedError]:
    for name in (NON_FIELD_ERRORS, *form.fields):
        if name not in form.errors:
            continue
        of_the_form = name == NON_FIELD_ERRORS or form.fields[name].widget.is_hidden
        bound = None if of_the_form else form[name]
        for error in form.errors[name].as_data():
            yield ListedError.of(error, bound)

"""What forms share: a service's refusal becomes a form error, and a form sent twice acts once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from smki_pma.clauses import RuleViolation
from smki_pma.ui.models import Submission

Made = TypeVar("Made")


class RuleError(ValidationError):
    """A service's refusal on a form; it keeps its clause for the page to show."""

    def __init__(self, refusal: RuleViolation) -> None:
        super().__init__(refusal.message, code="rule")
        self.clause = refusal.clause.id


@contextmanager
def form_errors(form: forms.BaseForm) -> Iterator[None]:
    """Turn a RuleViolation inside the block into an error of the form, at its field where it names one.

    After the block `form.is_valid()` is false if the service refused: render the page again with status 422.
    """
    try:
        yield
    except RuleViolation as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field or NON_FIELD_ERRORS, RuleError(refusal))


def address_after(sent: Mapping[str, str]) -> str | None:
    """Where the sender of a SubmitOnceForm that has acted already was taken; None where it has not acted.

    For a page that closes with the act: look here first, or a second sending is told that nothing was changed.
    """
    try:
        key = UUID(sent.get("submission_key", ""))
    except ValueError:
        return None
    return Submission.objects.filter(key=key).values_list("url", flat=True).first()


class SubmitOnceForm(forms.Form):
    """A form that creates something: a key in it makes a second sending harmless.

    Use `form.act_once(lambda: service(...), url=lambda made: ...)` inside `form_errors(form)`.
    """

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=True)

    def act_once(self, act: Callable[[], Made], *, url: Callable[[Made], str]) -> str:
        """Act, unless this very form has acted already. Returns the address to go to, the same both times."""
        key: UUID = self.cleaned_data["submission_key"]
        with transaction.atomic():
            submission, is_new = Submission.objects.get_or_create(key=key)
            if is_new:
                submission.url = url(act())
                submission.save(update_fields=["url"])
        return submission.url

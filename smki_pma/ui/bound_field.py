"""A form field in its form, with what GOV.UK markup asks for: kind, classes, described-by, error target."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property

from smki_pma.ui.error_words import ListedError
from smki_pma.ui.field_options import FieldOptions
from smki_pma.ui.widgets import DayInput, MomentInput

KINDS: list[tuple[type[forms.Widget], str]] = [
    (DayInput, "date"),
    (MomentInput, "moment"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.Select, "select"),
    (forms.MultiWidget, "group"),
]
INPUT_CLASSES = {
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "select": "govuk-select",
    "checkbox": "govuk-checkboxes__input",
    "text": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
}
PARTED = {"date", "moment"}
GROUPED = PARTED | {"checkboxes", "radios", "group"}
WITH_ERROR_CLASS = {"textarea", "file", "select", "text", "password"}


class GovUkBoundField(BoundField):
    """The options of the form apply unless the page gives others (see the `field` tag)."""

    @cached_property
    def options(self) -> FieldOptions:
        return FieldOptions.of(self.form, self.name)

    @cached_property
    def kind(self) -> str:
        return next((kind for cls, kind in KINDS if isinstance(self.field.widget, cls)), "text")

    @property
    def is_group(self) -> bool:
        """Whether several inputs answer one question, so that a fieldset with a legend holds them."""
        return self.kind in GROUPED

    @property
    def words(self) -> str:
        """The label, with a mark for a question that may stay open."""
        label = self.options.label or str(self.label)
        if self.field.required or self.kind == "checkbox" or not self.options.optional:
            return label
        return f"{label} {self.options.optional}"

    @property
    def hint(self) -> str:
        return self.options.hint or str(self.help_text or "")

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def aria_describedby(self) -> str:
        """The ids of hint, error and character count, in reading order."""
        ids = [self.hint_id] if self.hint else []
        if self.errors:
            ids.append(self.error_id)
        if self.counts:
            ids.append(f"{self.auto_id}-info")
        return " ".join(ids)

    @property
    def counts(self) -> bool:
        return self.options.count and getattr(self.field, "max_length", None) is not None

    @property
    def error_target(self) -> str:
        """The id that an error summary links to: the input, or the first (wrong) one of a group."""
        if self.kind in {"radios", "checkboxes"}:
            return f"{self.auto_id}_0"
        if self.kind in PARTED | {"group"}:
            return f"{self.auto_id}_{min(self.wrong_parts, default=0)}"
        return self.auto_id

    @cached_property
    def wrong_parts(self) -> frozenset[int]:
        """Which inputs of a group are wrong. An error that names none means all of them."""
        if not self.errors or self.kind not in PARTED:
            return frozenset()
        named = {part for error in self.errors.as_data() for part in getattr(error, "parts", ())}
        return frozenset(named) or frozenset(range(len(self.field.widget.widgets)))

    @property
    def listed_errors(self) -> list[ListedError]:
        """The errors in words for people, each with its clause if a rule of the Code is behind it."""
        return [ListedError.of(error, self) for error in self.errors.as_data()]

    @property
    def group_classes(self) -> str:
        classes = ["govuk-form-group"]
        if self.errors:
            classes.append("govuk-form-group--error")
        if self.kind == "password":
            classes.append("govuk-password-input")
        if self.counts:
            classes.append("govuk-character-count")
        return " ".join(classes)

    @property
    def script(self) -> str:
        """The GOV.UK script module that helps with this field, if one does."""
        if self.counts:
            return "govuk-character-count"
        return "govuk-password-input" if self.kind == "password" else ""

    @property
    def use_fieldset(self) -> bool:
        return self.is_group

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Classes and ARIA of the input. No `required`: the page itself explains what is missing."""
        attrs = dict(attrs)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        if self.field.disabled:
            attrs["disabled"] = True
        if classes := self._input_classes(str(widget.attrs.get("class", ""))):
            attrs["class"] = classes
        if self.kind in {"radios", "checkboxes"}:
            attrs |= {"inline": self.options.inline, "small": self.options.small}
        if self.kind in PARTED:
            attrs["wrong_parts"] = self.wrong_parts
        if not self.is_group:
            attrs |= self._aria()
        if self.kind == "textarea":
            attrs.setdefault("rows", 5)
        return attrs

    def _aria(self) -> dict[str, str]:
        aria = {"aria-describedby": self.aria_describedby} if self.aria_describedby else {}
        if self.errors:
            aria["aria-invalid"] = "true"
        return aria

    def _input_classes(self, own: str) -> str:
        classes = [own, INPUT_CLASSES.get(self.kind, "")]
        if self.errors and self.kind in WITH_ERROR_CLASS:
            classes.append(
                {"text": "govuk-input--error", "password": "govuk-input--error"}.get(
                    self.kind, f"{INPUT_CLASSES[self.kind]}--error"
                )
            )
        if self.options.width:
            classes.append(f"govuk-input--width-{self.options.width}")
        if self.counts:
            classes.append("govuk-js-character-count")
        return " ".join(c for c in classes if c)

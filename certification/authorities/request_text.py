"""The box that a request is pasted into."""

from typing import Any

from django import forms

from certification.authorities.csr_reading import holds_private_key


class RequestText(forms.Textarea):
    """Shows again what was pasted, but for a private key, which goes nowhere. L3.5"""

    def __init__(self, rows: int) -> None:
        super().__init__(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        text: str | None = super().format_value(value)
        return None if text and holds_private_key(text.strip().encode("utf-8", "replace")) else text

"""How the register is cut."""

from django import forms

from smki_pma.parties.roles import Role

STATES = [
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("done", "Done"),
    ("withdrawn", "Withdrawn"),
    ("all", "All"),
]


class RegisterFilter(forms.Form):
    """State, holder and words."""

    state = forms.ChoiceField(label="State", choices=STATES, required=False, initial="open")
    role = forms.ChoiceField(
        label="Holder",
        choices=[("", "Anybody"), *((role.value, role.title) for role in Role)],
        required=False,
    )
    words = forms.CharField(label="Words in the title, or a clause", required=False, max_length=100)
    field_options = {
        "state": {"optional": ""},
        "role": {"optional": ""},
        "words": {"optional": "", "width": 20},
    }

    def chosen(self) -> dict[str, str]:
        """The cut, with the default for whatever is missing or wrong."""
        data = self.cleaned_data if self.is_valid() else {}
        return {
            "state": data.get("state") or "open",
            "role": data.get("role") or "",
            "words": data.get("words") or "",
        }

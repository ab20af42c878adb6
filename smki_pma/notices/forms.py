from django import forms

from smki_pma.notices.preferences import Reminders


class PreferenceForm(forms.Form):
    """How reminders come."""

    reminders = forms.ChoiceField(label="Reminders", choices=Reminders.choices, widget=forms.RadioSelect)

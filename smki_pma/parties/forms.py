"""Shape of what is entered on the rules pages."""

from django import forms


class NonWorkingDayForm(forms.Form):
    """A one-off day that is not a Working Day."""

    day = forms.DateField(label="Day", help_text="For example 19 9 2022")
    reason = forms.CharField(label="Why", max_length=200, help_text="For example: proclaimed bank holiday")

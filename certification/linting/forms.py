from django import forms


class JudgementForm(forms.Form):
    """What an operator says of findings."""

    judgement = forms.CharField(
        label="What the findings mean", max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    field_options = {
        "judgement": {
            "hint": "Whether the profile, the builder or the linter is wrong, and what is done about what was issued.",
            "count": True,
        }
    }

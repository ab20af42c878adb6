"""Forms of key ceremonies: shape only."""

from django import forms

from certification.authorities.environments import environment
from certification.authorities.models import ENVIRONMENTS
from certification.authorities.profiles import AUTHORITY_NAME_LENGTH, CertificateKind
from certification.authorities.rules import AUTHORITY_KINDS
from smki_pma.ui.forms import SubmitOnceForm

_NAME = "Up to four capital letters or digits, like Z1"
_WATCH = "People who watch and handle no key, one on each line"


def _environments() -> list[tuple[str, str]]:
    return [(key, environment(key).title) for key, _ in ENVIRONMENTS]


class WitnessedForm(SubmitOnceForm):
    """The witnesses; alone it plans the use of a root's key for a list."""

    witnesses = forms.CharField(
        label="Witnesses", max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )
    field_options = {"witnesses": {"hint": _WATCH}}

    def clean_witnesses(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["witnesses"].splitlines() if line.strip()]


class RollOverForm(WitnessedForm):
    """The name of the Authority that takes over."""

    name = forms.CharField(label="Name of the new Authority", max_length=AUTHORITY_NAME_LENGTH)
    field_order = ["name", "witnesses"]
    field_options = {"name": {"hint": _NAME}, "witnesses": {"hint": _WATCH}}

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).upper()


class PlanForm(WitnessedForm):
    """Names of the four Authorities, the environment and the witnesses."""

    environment = forms.ChoiceField(label="Environment", choices=_environments, widget=forms.RadioSelect)
    root_dca = forms.CharField(label="Name of the Root DCA", max_length=AUTHORITY_NAME_LENGTH)
    issuing_dca = forms.CharField(label="Name of the Issuing DCA", max_length=AUTHORITY_NAME_LENGTH)
    root_oca = forms.CharField(label="Name of the Root OCA", max_length=AUTHORITY_NAME_LENGTH)
    issuing_oca = forms.CharField(label="Name of the Issuing OCA", max_length=AUTHORITY_NAME_LENGTH)
    field_order = ["environment", *(kind.value for kind in AUTHORITY_KINDS), "witnesses"]
    field_options = {
        "environment": {"size": "m"},
        **{kind.value: {"hint": _NAME} for kind in AUTHORITY_KINDS},
        "witnesses": {"hint": _WATCH},
    }

    def names(self) -> dict[CertificateKind, str]:
        return {kind: self.cleaned_data[kind.value].upper() for kind in AUTHORITY_KINDS}


class ApproveForm(forms.Form):
    """That the script was read: its hash comes from the page on which it was shown."""

    script_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(
        label="I have read the script and approve exactly this",
        error_messages={"required": "Tick the box once you have read the script."},
    )
    field_options = {"read": {"optional": ""}}


class AbandonForm(forms.Form):
    reason = forms.CharField(label="Why the ceremony is abandoned", max_length=500)

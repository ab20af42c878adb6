"""Forms of suspensions: shape only."""

from typing import Any
from uuid import UUID

from django import forms

from certification.requests.suspension_rules import GROUND_TITLES, ISSUING, Ground, Service
from smki_pma.parties.models import Party
from smki_pma.ui.choices import Hinted
from smki_pma.ui.forms import SubmitOnceForm

# Nobody is chosen beforehand: whoever means everybody says so.
CHOOSE = ("", "Choose")
EVERYBODY = ("everybody", "Every subscriber")
HINTS = {
    Service.BATCH: "Single requests go on",
    Service.REVOKE: "Only if the instruction names it",
    Service.LISTS: "Only if the instruction names it: clients come to hold old lists",
}


class SuspensionForm(SubmitOnceForm):
    """An instruction to suspend."""

    ground = forms.ChoiceField(
        label="On whose word",
        widget=forms.RadioSelect,
        choices=[(ground.value, GROUND_TITLES[ground]) for ground in Ground],
    )
    provision = forms.CharField(
        label="Provision of the Certificate Policy or the RAPP", max_length=200, required=False
    )
    instruction = forms.CharField(
        label="The instruction", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    party = forms.ChoiceField(label="Subscriber")
    services = forms.MultipleChoiceField(
        label="What is suspended",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (each.value, Hinted(each.label, hint=HINTS[each]) if each in HINTS else each.label)
            for each in Service
        ],
        initial=[each.value for each in ISSUING],
    )
    field_options = {
        "ground": {"size": "m"},
        "provision": {
            "optional": "",
            "hint": "Leave it empty where the SMKI PMA or the Panel has instructed it",
        },
        "instruction": {
            "count": True,
            "hint": "Who gave it, when, and its reference. Only DCC and the SMKI PMA read it",
        },
        "services": {"size": "m"},
    }

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [CHOOSE, *((str(each.pk), str(each)) for each in parties), EVERYBODY]  # type: ignore[attr-defined]  # a ChoiceField

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        given = self.cleaned_data
        return {
            "services": given["services"],
            "party_id": None if given["party"] == EVERYBODY[0] else UUID(given["party"]),
            "ground": Ground(given["ground"]),
            "provision": given["provision"],
            "instruction": given["instruction"],
        }


class ReinstatementForm(forms.Form):
    """The instruction to reinstate."""

    instruction = forms.CharField(
        label="The instruction to reinstate", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_options = {"instruction": {"count": True, "hint": "Who gave it, when, and its reference"}}

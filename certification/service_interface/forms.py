"""Forms of the service interface's pages: shape only."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from certification.authorities.request_text import RequestText
from certification.service_interface.models import AvailabilityFact, Credential
from smki_pma.calendar import working_days
from smki_pma.parties.models import Party
from smki_pma.ui.choices import Hinted
from smki_pma.ui.fields import DayField, MomentField
from smki_pma.ui.forms import SubmitOnceForm

LARGEST_REQUEST = 16_384


class CredentialForm(SubmitOnceForm):
    """What a credential is for, and the request for it, pasted or uploaded."""

    environment = forms.ChoiceField(
        label="Which interface is it for?",
        widget=forms.RadioSelect,
        choices=[
            ("live", Hinted("Live", hint="For Authorised Subscribers")),
            ("test", Hinted("Test", hint="For entry testing, against the test Authorities")),
        ],
    )
    name = forms.CharField(label="Name", max_length=60)
    replaces = forms.ChoiceField(label="Which credential does it replace?", required=False)
    text = forms.CharField(
        label="Paste the request",
        required=False,
        strip=False,
        widget=RequestText(rows=8),
    )
    file = forms.FileField(label="Or upload a file", required=False, allow_empty_file=True)
    field_options = {
        "environment": {"size": "s"},
        "name": {
            "hint": "So that you know the system that uses it, for example Head-end London",
            "width": 20,
        },
        "replaces": {"hint": "The old one goes on until you revoke it or it expires"},
        "text": {"hint": "PEM or Base64, in lines of any length", "optional": ""},
        "file": {"hint": "PEM, Base64 or DER, at most 16 KB", "optional": ""},
    }

    def __init__(self, *args: Any, replaceable: Iterable[Credential], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = [(str(each.pk), f"{each.name} ({each.environment})") for each in replaceable]
        self.fields["replaces"].choices = [("", "None: it is a further one"), *present]
        if not present:
            del self.fields["replaces"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text, file = (cleaned.get("text") or "").strip(), cleaned.get("file")
        if text and file:
            self.add_error("file", "Paste the request or upload a file, not both.")
        elif not text and not file:
            self.add_error("text", "Paste a request, or upload a file with one.")
        elif file and file.size > LARGEST_REQUEST:
            self.add_error("file", "The file must be smaller than 16 KB. A request has some 500 bytes.")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        cleaned = self.cleaned_data
        file = cleaned.get("file")
        csr = file.read() if file else cleaned["text"].encode("utf-8", "replace")
        return {
            "environment": cleaned["environment"],
            "name": cleaned["name"],
            "replaces_id": cleaned.get("replaces") or None,
            "csr": csr,
        }


class RevocationForm(forms.Form):
    """Why a credential is revoked."""

    reason = forms.CharField(label="Why is it revoked?", max_length=300, required=False)
    field_options = {"reason": {"hint": "For example: the key was copied, or the system was taken down"}}


class TestAccessForm(SubmitOnceForm):
    """Which Party may use the test interface, for what, and until when."""

    __test__ = False

    party = forms.ChoiceField(label="Party")
    purpose = forms.CharField(label="Purpose", max_length=300)
    ends_on = DayField(label="Last day", required=False)
    field_options = {
        "purpose": {"hint": "For example: entry testing under the Device Certificate Policy, round 2"},
        "ends_on": {"hint": "Leave empty if it runs until you end it"},
    }

    def __init__(self, *args: Any, parties: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", "Choose"), *((str(each.pk), str(each)) for each in parties)]

    def ends_at(self) -> datetime | None:
        """The end of the last day."""
        day = self.cleaned_data["ends_on"]
        return working_days.end_of_day(day) if day else None


class EndAccessForm(forms.Form):
    """Why test access ends."""

    reason = forms.CharField(label="Why does it end?", max_length=300)
    field_options = {"reason": {"hint": "The Party's officers read this"}}


class WindowForm(SubmitOnceForm):
    """Work on DCC's systems to announce."""

    kind = forms.ChoiceField(
        label="What kind of work is it?",
        widget=forms.RadioSelect,
        choices=[
            (
                "planned",
                Hinted("Planned Maintenance", hint="Announced in time, within the hours of the month"),
            ),
            ("other", Hinted("Other work", hint="An interface that is down counts as not available")),
        ],
    )
    what = forms.CharField(label="What is done?", max_length=300)
    starts_at = MomentField(label="Start")
    ends_at = MomentField(label="End")
    down = forms.ChoiceField(
        label="What is down meanwhile?",
        widget=forms.RadioSelect,
        choices=[
            ("both", "The live and the test interface"),
            ("live", "The live interface"),
            ("test", "The test interface"),
            ("none", Hinted("Nothing", hint="The interface stays available")),
        ],
    )
    field_options = {
        "kind": {"size": "s"},
        "down": {"size": "s"},
        "what": {"hint": "Everybody reads this"},
    }

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        cleaned = self.cleaned_data
        return {
            "is_planned": cleaned["kind"] == "planned",
            "what": cleaned["what"],
            "starts_at": cleaned["starts_at"],
            "ends_at": cleaned["ends_at"],
            "live_down": cleaned["down"] in ("both", "live"),
            "test_down": cleaned["down"] in ("both", "test"),
        }


class AvailabilityFactForm(SubmitOnceForm):
    """A date from which, or dates on which, the interface must be available."""

    kind = forms.ChoiceField(
        label="What is the fact?", widget=forms.RadioSelect, choices=AvailabilityFact.Kind.choices
    )
    starts_on = DayField(label="From")
    ends_on = DayField(label="Last day, of entry testing", required=False)
    extent = forms.CharField(label="To what extent", max_length=300, required=False)
    source = forms.CharField(label="Where it comes from", max_length=300)
    field_options = {
        "kind": {"size": "s"},
        "extent": {"hint": "For entry testing: for example Device requests only"},
        "source": {"hint": "For example a direction of the Secretary of State, with its date"},
    }

    def arguments(self) -> dict[str, Any]:
        """What the service is called with."""
        cleaned = self.cleaned_data
        named = {name: cleaned[name] for name in ("starts_on", "ends_on", "extent", "source")}
        return named | {"kind": AvailabilityFact.Kind(cleaned["kind"])}

"""What is fixed when a question about a CPS is put: which amendments, which person, what to review."""

from typing import Any
from uuid import UUID

from django import forms

from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, Draft, Grant
from repository.drafts.rules import check_directed
from repository.drafts.states import PROPOSED
from smki_pma.clauses import RuleViolation
from smki_pma.parties.models import Person
from smki_pma.ui.choices import Hinted


class _SubjectForm(forms.Form):
    """A form about one draft and one option of its motion."""

    def __init__(self, *args: Any, subject_id: UUID | None = None, option: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = Draft.objects.filter(pk=subject_id).first()
        self.option = option
        self.shape()

    def shape(self) -> None:
        """Fit the fields to the draft and the option."""

    def proposed(self) -> list[Amendment]:
        return list(self.draft.amendments.filter(state=PROPOSED)) if self.draft else []


class ApproveDraftForm(_SubjectForm):
    """Which of the proposed amendments DCC must make. L9.9(b)(ii)"""

    amendments = forms.MultipleChoiceField(
        label="Which amendments must DCC make first?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def shape(self) -> None:
        if self.option != "approve_subject_to_amendments":
            del self.fields["amendments"]
            return
        choices = [(str(one.pk), _choice(one)) for one in self.proposed()]
        self.fields["amendments"].choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "amendments" not in self.fields:
            return {}
        proposed = {one.pk: one for one in self.proposed()}
        chosen = [UUID(id) for id in cleaned.get("amendments", [])]
        try:
            check_directed(
                cps=self.draft.kind if self.draft else Cps.DEVICE, chosen=chosen, proposed=proposed
            )
        except RuleViolation as refusal:
            self.add_error("amendments", refusal.message)
            return cleaned
        return {"amendments": [_exactly(proposed[id]) for id in chosen]}


class DecideAmendmentForm(_SubjectForm):
    """Which later amendment is decided. L9.11(b)"""

    amendment = forms.ChoiceField(label="Which amendment?", widget=forms.RadioSelect)

    def shape(self) -> None:
        choices = [(str(one.pk), _choice(one)) for one in self.proposed()]
        self.fields["amendment"].choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        exact = {str(one.pk): one.text_sha256 for one in self.proposed()}
        chosen = cleaned.get("amendment", "")
        if chosen in exact:
            cleaned["sha256"] = exact[chosen]
        return cleaned


class GrantForm(_SubjectForm):
    """Who may read the draft, or no longer. L9.12"""

    person = forms.ChoiceField(label="Who?", widget=forms.Select)

    def shape(self) -> None:
        people = Person.objects.filter(is_active=True).order_by("name")
        if self.option == "revoke":
            granted = Grant.objects.filter(draft=self.draft, revoked_at__isnull=True)
            people = people.filter(pk__in=granted.values("person_id"))
        choices = [("", "Choose a person"), *((str(one.pk), f"{one.name} ({one.email})") for one in people)]
        self.fields["person"].choices = choices


class _ReviewForm(_SubjectForm):
    """To what extent DCC reviews the CPS. L9.10"""

    cps = Cps.DEVICE
    scope = forms.CharField(
        label="What must DCC review?",
        help_text="The whole of it, or parts. This text is confidential.",
        max_length=2000,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return cleaned | {"cps": self.cps.value}


class DeviceReviewForm(_ReviewForm):
    """To what extent DCC reviews the Device CPS."""


class OrganisationReviewForm(_ReviewForm):
    """To what extent DCC reviews the Organisation CPS."""

    cps = Cps.ORGANISATION


def _choice(amendment: Amendment) -> Hinted:
    return Hinted(f"Amendment {amendment.number}: {amendment.place}", hint=amendment.text)


def _exactly(amendment: Amendment) -> dict[str, Any]:
    """The amendment by its number and the hash of its words, which stay out of the record of the vote."""
    return {"id": str(amendment.pk), "number": amendment.number, "sha256": amendment.text_sha256}

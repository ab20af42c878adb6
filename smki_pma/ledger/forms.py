from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from smki_pma.calendar import working_days
from smki_pma.ledger.models import EntryText
from smki_pma.ui.fields import DayField


class EntryFilter(forms.Form):
    """What the list of entries is narrowed by."""

    event = forms.CharField(required=False, max_length=100, label="Event")
    clause = forms.CharField(required=False, max_length=40, label="Clause")
    subject = forms.CharField(required=False, max_length=100, label="Subject identifier")
    since = DayField(required=False, label="From", about="the first day")
    until = DayField(required=False, label="To", about="the last day")

    field_options = {
        "event": {
            "hint": "As the entries name it, for example vote.closed; vote. finds all about votes.",
            "optional": "",
        },
        "clause": {"hint": "For example L1.13", "optional": "", "width": 10},
        "subject": {"optional": ""},
        "since": {"optional": ""},
        "until": {"optional": ""},
    }

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first day")
        return self.cleaned_data

    def narrow(self, texts: QuerySet[EntryText]) -> QuerySet[EntryText]:
        """The texts that fit what was asked."""
        asked = self.cleaned_data
        conditions: dict[str, str | datetime] = {}
        if event := asked.get("event"):
            conditions["event__startswith" if event.endswith(".") else "event"] = event
        if clause := asked.get("clause"):
            conditions["clause"] = clause
        if subject := asked.get("subject"):
            conditions["subject_id"] = subject
        if since := asked.get("since"):
            conditions["recorded_at__gte"] = working_days.start_of_day(since)
        if until := asked.get("until"):
            conditions["recorded_at__lt"] = working_days.end_of_day(until)
        return texts.filter(**conditions)

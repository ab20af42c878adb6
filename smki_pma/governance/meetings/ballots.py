"""A vote, its ballots and the resolution that it makes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.governance.meetings.agenda import Item
from smki_pma.governance.meetings.states import VOTE
from smki_pma.ledger.gate import GovernedModel

POSITIONS = [("for", "For"), ("against", "Against"), ("abstain", "Abstain")]


class Vote(GovernedModel):
    """One proposition put to the PMA. reference: "PMA-2026-07/04", that of the resolution if it is carried.

    proposition, opening_snapshot, closing_snapshot: canonical JSON, frozen; the outcome follows from the last
    alone. document_*: the exact version voted on, if there is one.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="votes")
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=80)
    option = models.CharField(max_length=80)
    clause = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    subject_model = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    question = models.TextField()
    public_question = models.CharField(max_length=300)
    effect = models.TextField()
    document_label = models.CharField(max_length=200, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_url = models.CharField(max_length=300, blank=True)
    proposition = models.TextField()
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=VOTE.choices(), default="proposed")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=200, blank=True)
    opening_snapshot = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    closing_snapshot = models.TextField(blank=True)
    abandoned_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["reference"]
        indexes = [models.Index(fields=["subject_model", "subject_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="open"), name="meetings_vote_one_open_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.public_question}"

    @property
    def heading(self) -> str:
        """The question without the particulars that follow it."""
        return self.question.partition("\n")[0].strip()

    @property
    def particulars(self) -> str:
        """What follows the question: extent or reason; "" for none."""
        return self.question.partition("\n")[2].strip()

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_decided(self) -> bool:
        return self.state in ("carried", "not_carried")


class Ballot(GovernedModel):
    """One seat's ballot in one vote: cast once and final (house rule on C5)."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="ballots")
    seat = models.CharField(max_length=50)
    seat_title = models.CharField(max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ballots")
    name = models.CharField(max_length=200)
    holding = models.ForeignKey("parties.Holding", on_delete=models.PROTECT, related_name="ballots")
    capacity = models.CharField(max_length=12)
    position = models.CharField(max_length=8, choices=POSITIONS)
    reason = models.TextField(blank=True)
    no_conflict = models.BooleanField()
    receipt = models.CharField(max_length=20, unique=True)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["cast_at"]
        constraints = [
            models.UniqueConstraint(fields=["vote", "seat"], name="meetings_ballot_one_per_seat"),
            models.UniqueConstraint(fields=["vote", "person"], name="meetings_ballot_one_per_person"),
            models.CheckConstraint(condition=Q(no_conflict=True), name="meetings_ballot_without_conflict"),
            models.CheckConstraint(
                condition=Q(position__in=["for", "against", "abstain"]), name="meetings_ballot_position_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_title} in {self.vote.reference}"


class EffectState(models.TextChoices):
    PENDING = "pending", "Being carried out"
    NONE = "none", "Complete in itself"
    DONE = "done", "Carried out"
    REFUSED = "refused", "Effect refused"


class Resolution(GovernedModel):
    """A carried vote: the authority by which the PMA acts. It stands even where its effect is refused."""

    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, related_name="resolution")
    reference = models.CharField(max_length=20, unique=True)
    carried_at = models.DateTimeField()
    effect_state = models.CharField(max_length=8, choices=EffectState, default=EffectState.PENDING)
    effect_reason = models.TextField(blank=True)
    effect_clause = models.CharField(max_length=20, blank=True)
    effect_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-carried_at"]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_refused(self) -> bool:
        return self.effect_state == EffectState.REFUSED

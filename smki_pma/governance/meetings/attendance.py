"""Who was in the room when, for which seat; who sent apologies; who was out for an item; when quorum was lost."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.governance.meetings.agenda import Item, Meeting
from smki_pma.governance.meetings.quorum import Capacity
from smki_pma.ledger.gate import GovernedModel


class Attendance(GovernedModel):
    """One stay in the room, from `arrived_at` until before `left_at` (null: still there).

    seat: the key of the seat acted for, "" for none. holding: the office that empowers the person for the seat
    (the member's own, the Alternate's, or the Specialist's).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendance")
    name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=12, choices=[(c.value, c.value.capitalize()) for c in Capacity])
    seat = models.CharField(max_length=50, blank=True)
    holding = models.ForeignKey(
        "parties.Holding", null=True, blank=True, on_delete=models.PROTECT, related_name="attendance"
    )
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["arrived_at"]
        verbose_name_plural = "attendance"
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=models.F("arrived_at")),
                name="meetings_attendance_leaves_after_arriving",
            ),
            models.CheckConstraint(
                condition=Q(seat="", capacity__in=["invitee", "secretariat", "observer"])
                | (~Q(seat="") & Q(capacity__in=["member", "alternate"])),
                name="meetings_attendance_seat_fits_capacity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.meeting}"


class Apology(GovernedModel):
    """A member cannot attend a meeting: from `sent_at` until before `taken_back_at` the Alternate acts (L1.12).

    holding: the member's office. name: the member's. *_by: who did it, the member or the Secretariat.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="apologies")
    holding = models.ForeignKey("parties.Holding", on_delete=models.PROTECT, related_name="apologies")
    seat = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["sent_at"]
        verbose_name_plural = "apologies"
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=models.F("sent_at")),
                name="meetings_apologies_taken_back_after_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"Apologies of {self.name} for {self.meeting}"


class Recusal(GovernedModel):
    """A person is out for an item from `declared_at` on, for good (conflict of interest, C5)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    name = models.CharField(max_length=200)
    seat = models.CharField(max_length=50, blank=True)
    ground = models.TextField()
    required_by_chair = models.BooleanField(default=False)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ["declared_at"]
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="meetings_recusal_once")]

    def __str__(self) -> str:
        return f"{self.name} is out for {self.item}"


class Adjournment(GovernedModel):
    """The meeting is broken off from `adjourned_at` until before `resumed_at` (null: it did not go on).

    until: until when, in the words in which it was said.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="adjournments")
    adjourned_at = models.DateTimeField()
    until = models.CharField(max_length=200)
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["adjourned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=models.F("adjourned_at")),
                name="meetings_adjournment_resumed_after",
            ),
        ]

    def __str__(self) -> str:
        return f"Adjournment of {self.meeting}"


class QuorumChange(GovernedModel):
    """Quorum was found, lost or restored at a moment, for the meeting (item null) or for its open item (L1.13)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="quorum_changes")
    item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="quorum_changes"
    )
    at = models.DateTimeField()
    is_quorate = models.BooleanField()
    counted = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "sequence"], name="meetings_quorum_sequence_once")
        ]

    def __str__(self) -> str:
        return f"{'Quorate' if self.is_quorate else 'Not quorate'} with {self.counted}"

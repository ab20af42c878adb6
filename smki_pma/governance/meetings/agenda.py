"""A meeting, who is invited, what is on its agenda and which papers go with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.governance.meetings.states import ITEM, MEETING, MINUTES
from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory


class MeetingKind(models.TextChoices):
    ORDINARY = "ordinary", "Ordinary"
    EMERGENCY = "emergency", "Emergency (L2.14 alone)"


class Meeting(GovernedModel):
    """One meeting of the SMKI PMA. reference: "PMA-2026-07", the seventh of 2026.

    notice_days: the rule in force when it was convened. short_notice_*: that the members agreed to less.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=MeetingKind, default=MeetingKind.ORDINARY)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=MEETING.choices(), default="draft")
    convened_at = models.DateTimeField(null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(null=True, blank=True)
    short_notice_ground = models.TextField(blank=True)
    short_notice_agreed = models.JSONField(default=list, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    adjourned_to = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="meetings_meeting_reference_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="meetings_meeting_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"PMA-{self.year}-{self.number:02}"

    @property
    def is_emergency(self) -> bool:
        """Convened at once, for L2.14 alone."""
        return self.kind == MeetingKind.EMERGENCY

    @property
    def is_sitting(self) -> bool:
        return self.state == "sitting"

    @property
    def is_over(self) -> bool:
        return self.state in ("closed", "cancelled")


class InvitationKind(models.TextChoices):
    MEMBER = "member", "Member"
    ALTERNATE = "alternate", "Alternate"
    SPECIALIST = "specialist", "SMKI Specialist"
    DCC = "dcc", "Representative of the DCC"
    OTHER = "other", "Other person invited"


class Invitation(GovernedModel):
    """Somebody invited. The Specialist and a DCC representative are invited to every meeting (L1.14(a)).

    address: where notice goes to somebody without an account; it is shown on no page.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=12, choices=InvitationKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    name = models.CharField(max_length=200)
    capacity = models.CharField(max_length=200, blank=True)
    address = models.EmailField(blank=True)
    invited_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_kind_display()}"

    @property
    def speaks_without_leave(self) -> bool:
        return self.kind in (InvitationKind.SPECIALIST, InvitationKind.DCC)


class Purpose(models.TextChoices):
    DECISION = "decision", "For decision"
    DISCUSSION = "discussion", "For discussion"
    INFORMATION = "information", "For information"
    NOTING = "noting", "To note"


class Item(GovernedModel):
    """One item of an agenda. public_title may stand anywhere; title is for the item's readers (L9.12).

    subject_*: what the item is about, so that a conflict follows the subject into its own room.
    late: added after the notice, so it can be opened only from the Chair's leave (house rule on C5).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    public_title = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose)
    confidential = models.BooleanField(default=False)
    subject_model = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ITEM.choices(), default="listed")
    late = models.BooleanField(default=False)
    leave_at = models.DateTimeField(null=True, blank=True)
    leave_ground = models.TextField(blank=True)
    leave_by = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["subject_model", "subject_id"])]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meetings_item_number_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="open"), name="meetings_item_one_open_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(leave_at__isnull=False) | ~Q(state__in=["open", "closed"]),
                name="meetings_item_late_opens_with_leave",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.public_title}"

    @property
    def full_title(self) -> str:
        """For those who may read the item."""
        return self.title or self.public_title

    @property
    def is_admitted(self) -> bool:
        return not self.late or self.leave_at is not None


class Paper(GovernedModel):
    """A paper for an item: a stored file, or the address of a document in its own room.

    late: brought after the notice, so it counts only from the Chair's leave (house rule on C5).
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=300, blank=True)
    brought_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    leave_at = models.DateTimeField(null=True, blank=True)
    leave_ground = models.TextField(blank=True)
    leave_by = models.CharField(max_length=200, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="meetings_paper_number_once"),
            models.CheckConstraint(
                condition=~Q(sha256="") | ~Q(url=""), name="meetings_paper_is_a_file_or_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_admitted(self) -> bool:
        return not self.late or self.leave_at is not None


class Minutes(GovernedModel):
    """The minutes of a meeting: drafted from the record, issued as signed documents, confirmed later.

    confirmed_in: the later meeting that confirmed them. dispute: what was disputed there; the text stays.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=12, choices=MINUTES.choices(), default="draft")
    issued_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_in = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="minutes_confirmed"
    )
    confirmed_by = models.CharField(max_length=200, blank=True)
    dispute = models.TextField(blank=True)
    public_text = models.TextField(blank=True)
    full_text = models.TextField(blank=True)

    history = RowHistory(without=["public_text", "full_text", "dispute"])

    class Meta:
        verbose_name_plural = "minutes"

    def __str__(self) -> str:
        return f"Minutes of {self.meeting}"


class Note(GovernedModel):
    """What the Secretariat writes about an item, one text for everybody and one for its readers (C5)."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="note")
    public_text = models.TextField(blank=True)
    confidential_text = models.TextField(blank=True)
    written_at = models.DateTimeField()

    history = RowHistory()

    def __str__(self) -> str:
        return f"Note on {self.item}"

"""Applications, Authorised Subscribers, responsible officers and the EUI-64 identifiers of each Party."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.subscribers.rules import GROUND_TITLES, Ground, Policy
from certification.subscribers.states import IN_VERIFICATION, LIFE_CYCLE
from repository.certificates.identifiers import format_eui64
from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory
from smki_pma.parties.models import Party

POLICIES = [(policy.value, policy.title) for policy in Policy]


class Application(GovernedModel):
    """A Party's application to become an Authorised Subscriber under one Certificate Policy. L3.2"""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="subscriber_applications")
    policy = models.CharField(max_length=12, choices=POLICIES)
    state = models.CharField(max_length=20, choices=LIFE_CYCLE.choices())
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["-applied_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "policy"],
                condition=Q(state=IN_VERIFICATION),
                name="subscriber_application_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}, {self.get_policy_display()}"


class VerificationStep(GovernedModel):
    """What a Registration Authority officer found for one step; a later finding stands beside it. L3.3"""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    step = models.CharField(max_length=20)
    met = models.BooleanField()
    evidence = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return f"{self.step}: {'met' if self.met else 'not met'}"


class AuthorisedSubscriber(GovernedModel):
    """A Party that DCC has authorised under one Certificate Policy, until withdrawn. L3.3"""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="authorisations")
    policy = models.CharField(max_length=12, choices=POLICIES)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="authorisation")
    authorised_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(
        max_length=20, blank=True, choices=[(ground.value, GROUND_TITLES[ground]) for ground in Ground]
    )
    ground_reference = models.CharField(max_length=200, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["party__organisation__name", "policy"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "policy"],
                condition=Q(withdrawn_at__isnull=True),
                name="subscriber_authorised_once_per_policy",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}, {self.get_policy_display()}"


class ResponsibleOfficer(GovernedModel):
    """A Party officer whom the Party nominated to hand in its requests, once DCC has verified him or her."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="responsible_officers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="responsible_for"
    )
    nominated_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "person"],
                condition=Q(ended_at__isnull=True),
                name="subscriber_officer_nominated_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class Eui64Range(GovernedModel):
    """EUI-64 identifiers assigned to a Party, both ends in it, with the role codes it may use them in."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="eui64_ranges")
    first = models.CharField(max_length=16)
    last = models.CharField(max_length=16)
    role_codes = models.JSONField()
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="subscriber_range_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["first"], condition=Q(ended_at__isnull=True), name="subscriber_range_first_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{format_eui64(self.first)} to {format_eui64(self.last)}"

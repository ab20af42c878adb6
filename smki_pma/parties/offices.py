"""Offices, and who holds them when: the one place where that stands."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.ledger.gate import GovernedModel, GovernedQuerySet
from smki_pma.ledger.history import RowHistory
from smki_pma.parties.organisations import Party
from smki_pma.parties.roles import Role


class SeatKind(models.TextChoices):
    """The three kinds of PMA seat have different rules of term, removal and holdover (L1.5, L1.6, L1.10)."""

    CHAIR = "chair", "Chair"
    ELECTED = "elected", "Elected"
    REPRESENTATIVE = "representative", "Sub-Committee representative"


# The seven offices as an SMKI PMA Member (L1.3). The database accepts no eighth.
SEAT_KEYS = (
    "chair",
    "large-supplier-1",
    "large-supplier-2",
    "small-supplier",
    "network",
    "security-representative",
    "technical-representative",
)


class Office(GovernedModel):
    """A post that gives a role. A PMA seat has a `seat_kind`; `single` posts have one holder at a time."""

    key = models.SlugField(unique=True)
    role = models.CharField(max_length=30, choices=[(role.value, role.title) for role in Role])
    title = models.CharField(max_length=120)
    seat_kind = models.CharField(max_length=20, choices=SeatKind, blank=True)
    constituency = models.CharField(max_length=40, blank=True)
    single = models.BooleanField(default=False)
    needs_confirmation = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=100)

    history = RowHistory()

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__in=SEAT_KEYS)
                | (Q(seat_kind="") & ~Q(role__in=[Role.PMA_CHAIR.value, Role.PMA_MEMBER.value])),
                name="parties_office_seven_seats",
            )
        ]

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(GovernedQuerySet["Holding"]):
    def at(self, moment: datetime) -> "HoldingQuerySet":
        """Holdings whose term covers the moment, confirmed or not."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def in_effect(self, moment: datetime) -> "HoldingQuerySet":
        """Holdings that give their role at the moment: Member Confirmation in (C6.9), seat behind an Alternate held."""
        confirmed = Q(office__needs_confirmation=False) | Q(confirmed_at__lte=moment)
        seat_open = Q(for_holding__ends_at__isnull=True) | Q(for_holding__ends_at__gt=moment)
        seat_confirmed = Q(for_holding__office__needs_confirmation=False) | Q(
            for_holding__confirmed_at__lte=moment
        )
        seat_held = Q(for_holding__isnull=True) | (
            Q(for_holding__starts_at__lte=moment) & seat_open & seat_confirmed
        )
        return self.at(moment).filter(confirmed, seat_held, person__is_active=True)


class Holding(GovernedModel):
    """A person holds an office from `starts_at` until before `ends_at` (UTC; open if null).

    term_ends_at: where the term proper ends; a Chair's `ends_at` may lie later (holdover, L1.5(e)).
    for_holding: of an Alternate, the seat's holding that he or she acts for (L1.12).
    is_single, is_seat: copied from the office so that the database can forbid overlaps (L1.3, L1.4). A seat's
    holding is not yet single while it waits for its Member Confirmation beside the one that it replaces (L1.10).
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="holdings")
    for_holding = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="alternates"
    )
    starts_at = models.DateTimeField()
    term_ends_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    appointed_by = models.CharField(max_length=200)
    ground = models.TextField(blank=True)
    ended_reason = models.TextField(blank=True)
    is_single = models.BooleanField(default=False)
    is_seat = models.BooleanField(default=False)

    objects = HoldingQuerySet.as_manager()  # type: ignore[misc]  # a class attribute, as on the base
    history = RowHistory()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["person", "starts_at"]), models.Index(fields=["office", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="parties_holding_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.office}"

    @property
    def role(self) -> Role:
        return Role(self.office.role)

    @property
    def title(self) -> str:
        """The office in words, with the Party or the seat that it is held for."""
        if self.for_holding is not None:
            return f"Alternate for the {self.for_holding.office.title}"
        if self.party is not None and self.role is Role.PARTY_OFFICER:
            return f"Officer of {self.party}"
        return self.office.title

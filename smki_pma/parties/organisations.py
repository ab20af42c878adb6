"""Organisations, their corporate groups, Parties and Voting Groups (Section A)."""

from django.db import models

from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory


class PartyCategory(models.TextChoices):
    LARGE_SUPPLIER = "large_supplier", "Large Supplier Party"
    SMALL_SUPPLIER = "small_supplier", "Small Supplier Party"
    ELECTRICITY_NETWORK = "electricity_network", "Electricity Network Party"
    GAS_NETWORK = "gas_network", "Gas Network Party"
    OTHER = "other", "Other SEC Party"
    DCC = "dcc", "DCC"


class Organisation(GovernedModel):
    """A body that employs people, a Party or not; `parent` makes the corporate group (Affiliates, L1.12(c))."""

    name = models.CharField(max_length=200, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries"
    )

    history = RowHistory()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def ultimate_parent(self) -> "Organisation":
        """The head of the corporate group: this organisation itself if it has no parent."""
        head = self
        seen = {head.pk}
        while head.parent is not None and head.parent.pk not in seen:
            head = head.parent
            seen.add(head.pk)
        return head

    def is_affiliate_of(self, other: "Organisation") -> bool:
        """Same organisation or same corporate group (L1.12(c))."""
        return self.ultimate_parent().pk == other.ultimate_parent().pk


class VotingGroup(GovernedModel):
    """A Party with its Affiliates of the same category: one vote (L1.9, C4.3)."""

    name = models.CharField(max_length=200, unique=True)
    category = models.CharField(max_length=30, choices=PartyCategory)

    history = RowHistory()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Party(GovernedModel):
    """A Party to the Code. The three times say when DCC's confirmation of completed entry tests was received (L7.7)."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="party")
    category = models.CharField(max_length=30, choices=PartyCategory)
    voting_group = models.ForeignKey(
        VotingGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    device_tests_confirmed_at = models.DateTimeField(null=True, blank=True)
    organisation_tests_confirmed_at = models.DateTimeField(null=True, blank=True)
    repository_tests_confirmed_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["organisation__name"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["category"], condition=models.Q(category="dcc"), name="parties_party_one_dcc"
            )
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def is_dcc(self) -> bool:
        return self.category == PartyCategory.DCC

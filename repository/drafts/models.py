"""Drafts, amendments and versions of the CPSs: confidential, but for a public title. L9.12, L9.18"""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from repository.drafts import states
from repository.drafts.cps import Cps
from repository.drafts.states import (
    AMENDMENT,
    BECAME_CPS,
    INITIAL,
    LATER,
    NOTHING_APPROVED,
    PROPOSED,
    SUBMITTED,
    VERSION,
    WITHDRAWN,
)
from smki_pma.clauses.life_cycles import LifeCycle
from smki_pma.files.kinds import KINDS, FileKind
from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory

CLOSED = (BECAME_CPS, NOTHING_APPROVED, WITHDRAWN)


class Origin(models.TextChoices):
    """Why there is a draft. The two have different rights: only later amendments can be refused."""

    INITIAL = "initial", "Initial draft"
    LATER = "later", "Later amendments"


class Draft(GovernedModel):
    """What DCC has submitted about one CPS: an initial draft (L9.9) or amendments after a review (L9.11)."""

    cps = models.CharField(max_length=12, choices=Cps.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=LATER.choices(), default=SUBMITTED)
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=200)
    where_policies = models.TextField(blank=True)
    where_procedures = models.TextField(blank=True)
    where_other = models.TextField(blank=True)
    review_outcome = models.TextField(blank=True)
    base = models.ForeignKey("Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_ref = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    withdrawn_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory(
        without=["where_policies", "where_procedures", "where_other", "review_outcome", "base"]
    )

    class Meta:
        ordering = ["-submitted_at"]
        permissions = [("read_draft", "May read this draft by a grant of the SMKI PMA")]
        constraints = [
            models.UniqueConstraint(fields=["cps", "number"], name="drafts_draft_number_once"),
            models.UniqueConstraint(
                fields=["cps"], condition=~Q(state__in=CLOSED), name="drafts_draft_one_open_per_cps"
            ),
        ]

    def __str__(self) -> str:
        return self.public_title

    @property
    def kind(self) -> Cps:
        return Cps(self.cps)

    @property
    def is_initial(self) -> bool:
        return self.origin == Origin.INITIAL

    @property
    def public_title(self) -> str:
        """May stand anywhere: it says that there is a draft and nothing of what it says."""
        what = "Initial draft" if self.is_initial else f"Amendments {self.number}"
        return f"{what} of the {self.kind.label}"

    @property
    def life_cycle(self) -> LifeCycle:
        return INITIAL if self.is_initial else LATER

    @property
    def state_title(self) -> str:
        return self.life_cycle.states[self.state]

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    def cited(self, device_clause: str) -> str:
        """The clause for this CPS."""
        return self.kind.cited(device_clause)


class Revision(GovernedModel):
    """One file of a draft with its text; number 1 is what the PMA decided on. Never changed."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file_kind = models.CharField(
        max_length=4, choices=[(kind.value, kind.value.upper()) for kind in FileKind]
    )
    text = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="drafts_revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft.public_title}, file {self.number}"

    @property
    def file_title(self) -> str:
        return KINDS[FileKind(self.file_kind)].title

    @property
    def file_name(self) -> str:
        """Neutral: it says nothing of the content."""
        return f"{self.draft.cps}-cps-draft-{self.draft.number}-{self.number}.{self.file_kind}"


class Amendment(GovernedModel):
    """One amendment, decided and tracked on its own; its words are fixed from the start. L9.9(b), L9.11

    text: what is to be done, or the new text. Of a later amendment `reason` says why DCC proposes it.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    text = models.TextField()
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=AMENDMENT.choices(), default=PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=200)
    decided_ref = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    made_where = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    missing = models.TextField(blank=True)

    history = RowHistory(without=["place", "text", "reason"])

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="drafts_amendment_number_once")
        ]

    def __str__(self) -> str:
        return f"Amendment {self.number}"

    @property
    def state_title(self) -> str:
        return AMENDMENT.states[self.state]

    @property
    def text_sha256(self) -> str:
        """Names the exact wording without giving it away."""
        return hashlib.sha256(f"{self.place}\n{self.text}".encode()).hexdigest()


class CpsVersion(GovernedModel):
    """One version of a CPS as it came into force. Exactly one per CPS is in force. L9.7, L9.13"""

    cps = models.CharField(max_length=12, choices=Cps.choices)
    number = models.PositiveIntegerField()
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="version")
    state = models.CharField(max_length=12, choices=VERSION.choices(), default=states.IN_FORCE)
    in_force_from_on = models.DateField()
    became_at = models.DateTimeField()
    resolution_ref = models.CharField(max_length=200)

    history = RowHistory(without=["revision"])

    class Meta:
        ordering = ["cps", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cps", "number"], name="drafts_cpsversion_number_once"),
            models.UniqueConstraint(
                fields=["cps"], condition=Q(state=states.IN_FORCE), name="drafts_cpsversion_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{Cps(self.cps).label}, version {self.number}"


class Review(GovernedModel):
    """A review of a CPS, or of parts, that the PMA has required of DCC. L9.10"""

    cps = models.CharField(max_length=12, choices=Cps.choices)
    scope = models.TextField()
    required_at = models.DateTimeField()
    resolution_ref = models.CharField(max_length=60)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True)

    history = RowHistory(without=["scope"])

    class Meta:
        ordering = ["-required_at"]

    def __str__(self) -> str:
        return f"Review of the {Cps(self.cps).label}"


class Grant(GovernedModel):
    """That somebody outside DCC and the PMA may read one draft, by resolution. L9.12, L9.18

    The permission itself is a DraftPersonPermission.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cps_grants")
    granted_at = models.DateTimeField()
    granted_ref = models.CharField(max_length=60)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_ref = models.CharField(max_length=60, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "person"],
                condition=Q(revoked_at__isnull=True),
                name="drafts_grant_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} may read {self.draft}"


class DraftPersonPermission(UserObjectPermissionBase):
    """Guardian's row for a draft, with real foreign keys so that no grant outlives its draft."""

    content_object = models.ForeignKey(Draft, on_delete=models.CASCADE)

"""Certification Authorities, the ceremonies that make them, and what is about to be signed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certification.authorities.profiles import CertificateKind, Profile, profile_of
from certification.authorities.rules import PURPOSES, Purpose
from certification.authorities.states import (
    ACTIVE,
    APPROVED,
    AUTHORITY,
    CEREMONY,
    DISCARDED,
    DONE,
    RUNNING,
    SUPERSEDED,
    UNFINISHED,
)
from smki_pma.ledger.gate import GovernedModel

ENVIRONMENTS = [("live", "Live"), ("test", "Test")]
KINDS = [(kind.value, profile_of(kind).title) for kind in CertificateKind]
_PERSON = settings.AUTH_USER_MODEL


class Ceremony(GovernedModel):
    """A key ceremony: its script, who approved exactly that script, who watched, and what came of it.

    root: the root whose key is used, empty where the ceremony makes the roots. names: the CN of each Authority
    that is made, by kind. script: its steps in words; script_sha256 is what is approved.
    transcript: everything that was made, with hashes; transcript_sha256 stands in the ledger.
    """

    reference = models.CharField(max_length=20, unique=True)
    purpose = models.CharField(max_length=12, choices=PURPOSES)
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    root = models.ForeignKey(
        "Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="root_uses"
    )
    names = models.JSONField()
    script = models.JSONField()
    script_sha256 = models.CharField(max_length=64)
    witnesses = models.JSONField()
    planned_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    first_approved_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True, blank=True)
    second_approved_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_approved_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=CEREMONY.choices())
    job_id = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    transcript = models.JSONField(null=True, blank=True)
    transcript_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-planned_at"]
        verbose_name_plural = "ceremonies"
        constraints = [
            models.UniqueConstraint(
                fields=["environment"],
                condition=Q(state__in=UNFINISHED) & ~Q(purpose=Purpose.ARL.value),
                name="ceremony_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["root"],
                condition=Q(state__in=UNFINISHED, purpose=Purpose.ARL.value),
                name="ceremony_one_arl_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.ESTABLISH.value, root__isnull=True)
                | ~Q(purpose=Purpose.ESTABLISH.value) & Q(root__isnull=False),
                name="ceremony_names_the_root_it_uses",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by__isnull=True)
                | Q(first_approved_by__isnull=False) & ~Q(second_approved_by=F("first_approved_by")),
                name="ceremony_two_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(APPROVED, RUNNING, DONE)) | Q(second_approved_by__isnull=False),
                name="ceremony_runs_with_two_approvals",
            ),
        ]

    def __str__(self) -> str:
        return f"Key ceremony {self.reference}"


class Authority(GovernedModel):
    """One Certification Authority with its key and its Certificate; `parent` is empty for a root. L3.1

    key_reference names the key in the key store and is no secret. point: the public key, 65 octets.
    """

    kind = models.CharField(max_length=12, choices=KINDS)
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    common_name = models.CharField(max_length=4)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    ceremony = models.ForeignKey(Ceremony, on_delete=models.PROTECT, related_name="authorities")
    key_reference = models.CharField(max_length=80, unique=True)
    point = models.BinaryField(max_length=65)
    state = models.CharField(max_length=12, choices=AUTHORITY.choices())
    certificate_der = models.BinaryField(null=True, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=32, blank=True)
    not_before_at = models.DateTimeField(null=True, blank=True)
    not_after_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    last_list_number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["environment", "kind", "-activated_at"]
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "environment"],
                condition=Q(state=ACTIVE),
                name="authority_one_active_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["common_name"], condition=~Q(state=DISCARDED), name="authority_name_used_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=ACTIVE) | Q(certificate_der__isnull=False),
                name="authority_active_has_certificate",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def profile(self) -> Profile:
        return profile_of(self.kind)

    @property
    def title(self) -> str:
        return f"{self.profile.title} {self.common_name}"

    @property
    def is_root(self) -> bool:
        return self.profile.self_signed

    @property
    def may_sign_lists(self) -> bool:
        """Active, or superseded: what it issued is still relied on."""
        return self.state in (ACTIVE, SUPERSEDED)


class Intent(GovernedModel):
    """What is about to be signed: committed first, so that nothing is ever issued and not recorded. L3.5

    One for each `reference` (a request, an Authority), so no request can have two Certificates. After a
    crash the same `tbs` is signed again; it is never changed.
    """

    reference = models.CharField(max_length=100, unique=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="intents")
    kind = models.CharField(max_length=12, choices=KINDS)
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    serial = models.CharField(max_length=32)
    tbs = models.BinaryField()
    not_before_at = models.DateTimeField()
    not_after_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "serial"], name="intent_serial_never_reused"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"


class AbandonedIntent(GovernedModel):
    """Committed bytes that must not be signed: they never are, and their serial is never used again. L3.5

    findings: what the lint said, or that the Authority is revoked. replaced_by: what is signed in their place; empty
    where the request is refused.
    """

    intent = models.OneToOneField(Intent, on_delete=models.PROTECT, related_name="abandoned")
    replaced_by = models.OneToOneField(
        Intent, null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    findings = models.JSONField()
    abandoned_at = models.DateTimeField()
    abandoned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["abandoned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=models.F("intent")),
                name="abandoned_intent_replaced_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"Abandoned: {self.intent}"

"""People: who signs in. What they may do comes from the offices they hold, never from a flag."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from guardian.mixins import GuardianUserMixin

from smki_pma.ledger.history import RowHistory
from smki_pma.parties.organisations import Organisation


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    """A natural person (L1.4). There is no superuser: `is_superuser` is not a column and opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="employees"
    )
    is_active = models.BooleanField(default=True)
    is_superuser = None

    objects = PersonManager()
    history = RowHistory(without=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    @property
    def has_accepted(self) -> bool:
        """Whether the person has ever set a password or signed in."""
        return self.has_usable_password() or self.last_login is not None

    def get_full_name(self) -> str:
        return self.name

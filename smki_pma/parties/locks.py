"""Wrong passwords, and the lock that they put on an account."""

import hashlib
from datetime import datetime, timedelta

from django.db import models

from smki_pma.calendar import clock
from smki_pma.parties.rules import compute_locked_until
from smki_pma.rules_in_force.selectors import figure

KEPT = timedelta(days=3)  # longer than the longest lock that a rule may set


class WrongPassword(models.Model):
    """A try to sign in with a password that was not right. `account` is a digest of the e-mail address typed."""

    account = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        app_label = "parties"
        indexes = [models.Index(fields=["account", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


def account_of(email: str) -> str:
    """The digest under which tries for an e-mail address are kept, whether or not it has an account."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


def locked_until(email: str, *, at: datetime | None = None) -> datetime | None:
    """Until when the account is locked at a moment (now by default), or None."""
    moment = at or clock.now()
    until = _end_of_lock(_tries(account_of(email), moment))
    return until if until is not None and until > moment else None


def begin_try(email: str) -> WrongPassword | None:
    """Note a try before the password is looked at; None if the account is locked (L6.5).

    The row is written first and the earlier ones counted afterwards, so that tries sent at once cannot
    outrun the lock. A right password takes its row away again.
    """
    moment = clock.now()
    row = WrongPassword.objects.create(account=account_of(email), at=moment)
    until = _end_of_lock(_tries(row.account, moment).filter(pk__lt=row.pk))
    if until is None or until <= moment:
        return row
    row.delete()
    return None


def forget_old_tries() -> int:
    """Delete tries that can no longer lock anything. Returns how many."""
    return WrongPassword.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _tries(account: str, moment: datetime) -> models.QuerySet[WrongPassword]:
    return WrongPassword.objects.filter(account=account, at__gt=moment - KEPT, at__lte=moment)


def _end_of_lock(tries: models.QuerySet[WrongPassword]) -> datetime | None:
    return compute_locked_until(
        tries.values_list("at", flat=True),
        tries=figure("accounts.wrong_passwords"),
        minutes=figure("accounts.lock_minutes"),
    )

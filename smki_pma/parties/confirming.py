"""Proof at a terminal that it is really the person: what signing in asks for, without a browser."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from smki_pma.parties import locks
from smki_pma.parties.adapters import lock_message
from smki_pma.parties.models import Person


class NotConfirmed(Exception):
    """What was typed does not show that it is the person; the message is for people."""


def needs_code(person: Person) -> bool:
    """Whether a second factor is asked of the person: required by settings, or set up by choice.

    Raises NotConfirmed where the person has none that can be typed; a passkey needs a browser.
    """
    if not settings.SMKI_MFA_REQUIRED and not is_mfa_enabled(person):
        return False
    if not _typed_factors(person):
        raise NotConfirmed(
            f"{person.name} has no authenticator app. Set one up on the page of the account, or use the browser."
        )
    return True


def confirm(person: Person, *, password: str, code: str = "") -> None:
    """Raise NotConfirmed unless the password, and the code where one is needed, are the person's. L6.5

    code: of an authenticator app, or a recovery code. A wrong one counts towards the lock as a wrong password does.
    """
    tried = locks.begin_try(person.email)
    if tried is None:
        raise NotConfirmed(lock_message(person.email))
    if not person.is_active or not person.check_password(password):
        raise NotConfirmed(f"That is not the password of {person.name}.")
    if needs_code(person) and not any(each.wrap().validate_code(code) for each in _typed_factors(person)):
        raise NotConfirmed(f"That is not a code of {person.name}, or it was used before.")
    tried.delete()


def _typed_factors(person: Person) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.WEBAUTHN))

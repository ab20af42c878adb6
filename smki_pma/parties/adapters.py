"""Sign-in rules of this system on top of allauth's."""

from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from smki_pma.calendar import clock
from smki_pma.parties import locks
from smki_pma.parties.models import Person
from smki_pma.rules_in_force.selectors import figure


class ClosedAdapter(DefaultAccountAdapter):
    """People are entered by the Secretariat; nobody registers himself or herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a locked account before its password is looked at (L6.5)."""
        email = str(credentials.get("email", ""))
        self._try = locks.begin_try(email)
        if self._try is None:
            raise ValidationError(lock_message(email), code="locked")

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth calls this when the password was right."""
        if self._try is not None:
            self._try.delete()

    def reauthenticate(self, user: Any, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A second factor where the person has one: a password alone does not confirm an act."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if is_mfa_enabled(user):
            methods = [each for each in methods if each["id"] != "reauthenticate"]
        return methods

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        from smki_pma.parties.sessions import no_office_page

        return no_office_page(request)

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """A credential ends with the office behind it: no office, no session."""
        from smki_pma.parties.sessions import holds_office, no_office_page

        if not user.is_active or not holds_office(user):
            return no_office_page(request)
        return super().pre_login(request, user, **kwargs)


def lock_message(email: str) -> str:
    """What a locked account's owner, or whoever tries, is told."""
    until = locks.locked_until(email) or clock.now()
    local = until.astimezone(clock.LONDON)
    return (
        f"This account is locked, because {figure('accounts.wrong_passwords')} wrong passwords were entered "
        f"within an hour. Try again after {local:%-I:%M%p} on {local:%-d %B}.".replace("AM", "am").replace(
            "PM", "pm"
        )
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor secrets")
    return Fernet(urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))

"""allauth's forms with this system's words: labels, no placeholders."""

from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "oldpassword": "Present password",
    "password1": "New password",
    "password2": "New password again",
    "code": "Code",
    "name": "Name of the key",
    "passwordless": "Let me sign in with this key alone, without a password",
}
HINTS = {
    "code": "Six figures from your app, or a recovery code",
    "name": "For example: work laptop",
}


class PlainWords:
    """Gives each field its label and hint, and takes placeholders away."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class SignInForm(PlainWords, account.LoginForm): ...


class AskForLinkForm(PlainWords, account.ResetPasswordForm): ...


class NewPasswordByLinkForm(PlainWords, account.ResetPasswordKeyForm): ...


class PasswordChangeForm(PlainWords, account.ChangePasswordForm): ...


class FirstPasswordForm(PlainWords, account.SetPasswordForm): ...


class ConfirmPasswordForm(PlainWords, account.ReauthenticateForm): ...


class TakenOnce(second_factor.BaseAuthenticateForm):
    """Takes no code twice as long as it is good (RFC 6238 section 5.2); allauth remembers it for one step alone."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        steps = 2 * app_settings.TOTP_TOLERANCE + 1
        used = f"second-factor-used:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(used, "y", timeout=steps * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(PlainWords, TakenOnce, second_factor.AuthenticateForm): ...


class ConfirmSecondFactorForm(PlainWords, TakenOnce, second_factor.ReauthenticateForm): ...


class AuthenticatorAppForm(PlainWords, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six figures from your app"


class PasskeyForm(PlainWords, AddWebAuthnForm): ...

"""Work outside requests: invitations, and forgetting what need not be kept."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from smki_pma.jobs import every, job_handler
from smki_pma.parties.forgetting import forget_old_sessions, forget_sign_ins
from smki_pma.parties.locks import forget_old_tries
from smki_pma.parties.models import Person


@job_handler("parties.invite", atomic=False)
def invite(payload: dict[str, Any]) -> None:
    """E-mail a new person the address at which a first password is set."""
    person = Person.objects.get(pk=payload["person_id"])
    if person.has_usable_password():
        return
    body = render_to_string(
        "parties/email/invitation.txt", {"person": person, "url": first_password_url(person)}
    )
    send_mail("SMKI PMA: set your password", body, None, [person.email])


def first_password_url(person: Person) -> str:
    """The address at which the person sets a password; it works once."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
    return f"{settings.SMKI_PUBLIC_URL}{path}"


@every("1d", name="parties.forget_old_tries")
def forget() -> None:
    forget_old_tries()
    forget_old_sessions()


@every("1d", name="parties.forget_sign_ins", atomic=False)
def forget_after_office() -> dict[str, Any]:
    return {"erased": forget_sign_ins()}

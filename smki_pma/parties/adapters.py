"""Sign-in rules of this system on top of allauth's."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """People are entered by the Secretariat; nobody registers himself or herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

"""manage.py interface_authority: the authorities that sign credentials, as PEM for the TLS front."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.authorities.keys import KeyUnavailable
from certification.service_interface.authority import authorities_believed, establish_authority
from certification.service_interface.certificates import pem
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor


class Command(BaseCommand):
    help = "Make the authority that signs credentials if there is none, and print those believed as PEM."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            establish_authority(by=Actor.owner("interface_authority"))
        except KeyUnavailable as error:
            raise CommandError(str(error)) from error
        for each in authorities_believed(at=clock.now()):
            self.stdout.write(pem(bytes(each.certificate)), ending="")

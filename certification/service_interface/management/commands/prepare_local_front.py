"""manage.py prepare_local_front: what nginx needs on one's own machine (make front calls it)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certification.authorities.keys import KeyUnavailable
from certification.service_interface import local_front
from smki_pma.deploy import front


class Command(BaseCommand):
    help = (
        "Make a certificate for localhost, the authorities of credentials and, for the sample community, one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = front.folder(settings.DATA_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            local_front.write_authorities(folder)
            local_front.write_server_certificate(folder)
            if settings.SMKI_SAMPLE_COMMUNITY:
                local_front.write_client_credential(folder)
        except KeyUnavailable as error:
            raise CommandError(str(error)) from error

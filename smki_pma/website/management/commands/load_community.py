"""Enter the sample community."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from smki_pma.website.community.load import NotASampleInstallation, load_community


class Command(BaseCommand):
    help = "Enter the invented sample community; a repeat changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load_community()
        except NotASampleInstallation as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The sample community is in place.")

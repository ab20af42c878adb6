from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from smki_pma.jobs import enqueue
from tests.probe.models import Cause


class Command(BaseCommand):
    """Write causes with their jobs, one transaction each, from the first number not yet taken."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("until", type=int)

    def handle(self, *args: Any, until: int, **options: Any) -> None:
        for number in range(Cause.objects.count(), until):
            with transaction.atomic():
                Cause.objects.create(number=number)
                enqueue("probe.effect", {"number": number}, key=f"probe {number}")

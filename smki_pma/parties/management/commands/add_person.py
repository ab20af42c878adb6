"""Enter the first people of a real installation: who gives offices to everybody else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from smki_pma.clauses import Refusal
from smki_pma.ledger.actors import Actor
from smki_pma.parties.appointments import appoint
from smki_pma.parties.models import Office, Party, Person
from smki_pma.parties.rules import APPOINTMENTS
from smki_pma.parties.services import add_person
from smki_pma.parties.tasks import first_password_url


class Command(BaseCommand):
    help = "Enter a person, with an office if one is named, and send an invitation to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--office", help="key of an office, for example secretariat or panel-officer")
        parser.add_argument("--party", default="", help="name of the Party that the person acts for")
        parser.add_argument("--by", default="owner", help="your name, for the ledger")
        parser.add_argument(
            "--print-link", action="store_true", help="print the address that sets the password"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = self._enter(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.name} is entered; the invitation goes to {person.email}.")
        if options["print_link"]:
            self.stdout.write(first_password_url(person))

    @transaction.atomic
    def _enter(self, options: dict[str, Any]) -> Person:
        by = Actor.owner(options["by"])
        person = add_person(email=options["email"], name=options["name"], by=by)
        if options["office"]:
            self._check_office(options["office"])
            party_id = self._party(options["party"]).pk if options["party"] else None
            appoint(office_key=options["office"], person_id=person.pk, party_id=party_id, by=by)
        return person

    def _check_office(self, key: str) -> None:
        possible = Office.objects.filter(role__in=[role.value for role in APPOINTMENTS])
        if not possible.filter(key=key).exists():
            keys = ", ".join(possible.values_list("key", flat=True))
            raise CommandError(f"There is no office {key!r} to give here. Choose one of: {keys}.")

    def _party(self, name: str) -> Party:
        party = Party.objects.filter(organisation__name__iexact=name).first()
        if party is None:
            raise CommandError(f"There is no Party {name!r}.")
        return party

"""`manage.py key_ceremony`: the whole ceremony at one terminal, with both operators present."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certification.authorities.keys import KeyUnavailable, key_backend
from certification.authorities.models import ENVIRONMENTS, Ceremony
from certification.authorities.rules import AUTHORITY_KINDS
from certification.authorities.sample_authorities import carry_out
from certification.authorities.services import CLAUSE, approve_ceremony, plan_ceremony
from smki_pma.clauses import Refusal
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role


class Command(BaseCommand):
    help = "Make the Root and Issuing Certification Authorities of an environment under dual control."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--environment", choices=[key for key, _ in ENVIRONMENTS], required=True)
        parser.add_argument(
            "--operator",
            action="append",
            required=True,
            metavar="EMAIL",
            help="twice: the two DCC Certification Authority operators, each of whom types a password",
        )
        parser.add_argument("--witness", action="append", required=True, metavar="NAME")
        for kind in AUTHORITY_KINDS:
            option = "--" + kind.value.replace("_", "-")
            parser.add_argument(option, required=True, metavar="NAME", help="up to four letters or digits")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key_backend()
            ceremony = self._hold(options)
        except KeyUnavailable as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.clause.id})") from refusal
        self.stdout.write(f"{ceremony} is carried out. Transcript SHA-256: {ceremony.transcript_sha256}")
        for authority in ceremony.authorities.order_by("kind"):
            self.stdout.write(f"{authority.title}: {authority.certificate_sha256}")

    def _hold(self, options: dict[str, Any]) -> Ceremony:
        operators = [self._operator(email) for email in options["operator"]]
        if len(operators) != 2:
            raise CommandError("Name two operators: --operator twice.")
        ceremony = plan_ceremony(
            environment=options["environment"],
            names={kind: options[kind.value] for kind in AUTHORITY_KINDS},
            witnesses=options["witness"],
            by=operators[0],
        )
        for number, step in enumerate(ceremony.script, start=1):
            self.stdout.write(f"{number}. {step}")
        for email, operator in zip(options["operator"], operators, strict=True):
            self._confirm(email)
            ceremony = approve_ceremony(
                ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=operator
            )
        return carry_out(ceremony)

    def _operator(self, email: str) -> Actor:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        return acting_as(person, Role.DCC_CA_OPERATOR, clause=CLAUSE)

    def _confirm(self, email: str) -> None:
        person = Person.objects.get(email__iexact=email)
        if not person.check_password(getpass(f"Password of {person.name}, who approves this script: ")):
            raise CommandError(f"That is not the password of {person.name}. The ceremony stays planned.")

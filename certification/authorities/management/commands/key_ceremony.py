"""`manage.py key_ceremony`: a whole ceremony at one terminal, with both operators present."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certification.authorities.keys import KeyUnavailable, key_backend
from certification.authorities.models import ENVIRONMENTS, Authority, Ceremony
from certification.authorities.planning import CLAUSE, plan_arl, plan_ceremony, plan_roll_over
from certification.authorities.rules import AUTHORITY_KINDS
from certification.authorities.sample_authorities import carry_out
from certification.authorities.selectors import authorities
from certification.authorities.services import approve_ceremony
from certification.authorities.states import DONE
from smki_pma.clauses import Refusal
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.confirming import NotConfirmed, confirm, needs_code
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role

YES = "approve"


class Command(BaseCommand):
    help = (
        "Hold a key ceremony under dual control: make the Certification Authorities of an environment, roll "
        "over an Issuing Authority (--roll-over, --name), or sign a root's revocation list (--arl)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--environment", choices=[key for key, _ in ENVIRONMENTS])
        what.add_argument(
            "--roll-over", metavar="NAME", help="the Issuing Authority to be succeeded, active or revoked"
        )
        what.add_argument("--arl", metavar="NAME", help="the root whose next revocation list is signed")
        parser.add_argument(
            "--operator",
            action="append",
            required=True,
            metavar="EMAIL",
            help="twice: the two DCC Certification Authority operators; each types a password and, if asked, a code",
        )
        parser.add_argument("--witness", action="append", required=True, metavar="NAME")
        parser.add_argument("--name", metavar="NAME", default="", help="of the successor, with --roll-over")
        for kind in AUTHORITY_KINDS:
            option = "--" + kind.value.replace("_", "-")
            parser.add_argument(option, metavar="NAME", default="", help="up to four letters or digits")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key_backend()
            ceremony = self._hold(options)
        except KeyUnavailable as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.clause.id})") from refusal
        if ceremony.state != DONE:
            self.stdout.write(f"{ceremony} is approved. See its page for what it waits for.")
            return
        self.stdout.write(f"{ceremony} is carried out. Transcript SHA-256: {ceremony.transcript_sha256}")
        for authority in ceremony.authorities.order_by("kind"):
            self.stdout.write(f"{authority.title}: {authority.certificate_sha256}")
        for made in (ceremony.transcript or {})["lists"]:
            self.stdout.write(
                f"{made['kind'].upper()} {made['number']} of {made['issuer']}: {made['sha256']}"
            )

    def _hold(self, options: dict[str, Any]) -> Ceremony:
        people = [self._person(email) for email in options["operator"]]
        if len(people) != 2:
            raise CommandError("Name two operators: --operator twice.")
        if people[0] == people[1]:
            raise CommandError("Another Certification Authority operator must be the second.")
        operators = [acting_as(person, Role.DCC_CA_OPERATOR, clause=CLAUSE) for person in people]
        # Nothing is written in anybody's name before both have shown who they are.
        for person in people:
            self._confirm(person)
        ceremony = self._plan(options, by=operators[0])
        for number, step in enumerate(ceremony.script, start=1):
            self.stdout.write(f"{number}. {step}")
        for person, operator in zip(people, operators, strict=True):
            self._approve(person)
            ceremony = approve_ceremony(
                ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=operator
            )
        return carry_out(ceremony)

    def _plan(self, options: dict[str, Any], *, by: Actor) -> Ceremony:
        witnesses = options["witness"]
        if options["roll_over"]:
            present = self._authority(options["roll_over"])
            return plan_roll_over(authority_id=present.pk, name=options["name"], witnesses=witnesses, by=by)
        if options["arl"]:
            return plan_arl(root_id=self._authority(options["arl"]).pk, witnesses=witnesses, by=by)
        names = {kind: options[kind.value] for kind in AUTHORITY_KINDS}
        return plan_ceremony(environment=options["environment"], names=names, witnesses=witnesses, by=by)

    def _authority(self, name: str) -> Authority:
        found = authorities().filter(common_name=name).first()
        if found is None:
            raise CommandError(f"There is no Authority {name}.")
        return found

    def _person(self, email: str) -> Person:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        return person

    def _confirm(self, person: Person) -> None:
        try:
            asks_code = needs_code(person)
            password = getpass(f"Password of {person.name}: ")
            code = getpass(f"Code of the authenticator app of {person.name}: ") if asks_code else ""
            confirm(person, password=password, code=code)
        except NotConfirmed as error:
            raise CommandError(f"{error} Nothing was planned.") from error

    def _approve(self, person: Person) -> None:
        if input(f"{person.name}, type {YES} to approve exactly this script: ").strip() != YES:
            raise CommandError(f"{person.name} did not approve the script. The ceremony stays planned.")

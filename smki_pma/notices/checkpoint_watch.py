"""Checkpoints in time: each log is signed as often as the rule in force says, or somebody is called. Services."""

from datetime import datetime, timedelta

from django.urls import reverse

from smki_pma.calendar import clock
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger import checkpoints, store
from smki_pma.ledger.access import root_access_log
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service, unchanged
from smki_pma.ledger.logs import LEDGER, Log
from smki_pma.ledger.models import Entry
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding
from smki_pma.rules_in_force.catalogue import catalogue
from smki_pma.rules_in_force.selectors import figure

RULE = "ledger.checkpoint_minutes"
LOOK = timedelta(minutes=5)


def longest_between(*, at: datetime) -> timedelta:
    """The longest time between signed checkpoints, by the rule in force."""
    return timedelta(minutes=figure(RULE, at=at))


def sign_if_due(log: Log) -> dict[str, int | None]:
    """Sign the head of a log if at the next look its checkpoint would be too old; end what was called for it.

    Before the ledger's head the root of the access log goes in. The logs have a job each: the turn of
    another is never taken while the ledger's is held.
    """
    size = None
    if _is_due(log, at=clock.now()):
        if log is LEDGER:
            root_access_log(by=Actor.clock())
        size = checkpoints.sign_now(log).size
    end_call(log=log, by=Actor.clock())
    return {"size": size}


def _is_due(log: Log, *, at: datetime) -> bool:
    newest = checkpoints.latest(log)
    if newest is None:
        # The ledger's first checkpoint makes the key, and says so in an entry.
        return log is LEDGER or store.size_of(log) > 0
    return at - newest.signed_at + LOOK > longest_between(at=at)


@service
def call_operators(*, log: Log, error: str, by: Actor) -> Duty:
    """A log could not be signed: the operators are told, once, and owe the cure (house rule)."""
    cited = catalogue()[RULE].clause.id
    authority.require(by, "clock", clause=cited)
    present = Duty.objects.open().filter(kind=_kind(log)).first()
    if present is not None:
        return unchanged(present)
    address = f"{reverse('website:list_jobs')}?state=failed"
    duty = open_duty(
        kind=_kind(log),
        clause=cited,
        title=f"Find out why the {log.title} is not signed",
        role=Role.DCC_CA_OPERATOR,
        subject=_subject(),
        due_at=clock.now() + longest_between(at=clock.now()),
        url=address,
    )
    send_notice(
        clause=cited,
        subject=f"The {log.title} is not signed",
        body=(
            f"The worker has tried to sign the {log.title} and failed ({error}). What is new in it is covered by no "
            "checkpoint until it succeeds. The runbook says what the worker needs: its passphrase, its key file "
            "and the storage of checkpoints. The worker tries again every few minutes."
        ),
        people=people_holding(Role.DCC_CA_OPERATOR, Role.SECRETARIAT),
        url=address,
    )
    facts = {"log": log.name, "error": error}
    record("ledger.not_signed", clause=HOUSE_RULE, by=by, subject=duty, facts=facts, audience="dcc")
    return duty


@service
def end_call(*, log: Log, by: Actor) -> int:
    """The worker can sign the log again, or has; how many duties that ends (house rule)."""
    authority.require(by, "clock", clause=catalogue()[RULE].clause.id)
    ended = discharge_duties(kind=_kind(log), subject=_subject())
    if not ended:
        return unchanged(0)
    facts = {"log": log.name}
    record("ledger.signed_again", clause=HOUSE_RULE, by=by, subject=_subject(), facts=facts, audience="dcc")
    return ended


def _kind(log: Log) -> str:
    return f"{log.name}.not-signed"


def _subject() -> Entry:
    """A log as a whole has no row; the ledger's first entry stands for it."""
    return Entry(number=0)

"""What must hold before a process of the system starts work."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import OperationalError

from smki_pma.settings.environment import Environment


class UnsafeStart(SystemExit):
    """The process must not start. The message says, line by line, what to put right."""


_checks: list[Callable[[], str]] = []


def check_at_start(check: Callable[[], str]) -> None:
    """Have a room's own check run before any process starts: it returns what is wrong, or nothing."""
    _checks.append(check)


def refuse_unsafe_start() -> None:
    """Stop the process where it holds a secret that is not its own, where production is not safe, or where a
    room's own check finds a fault.

    Raises UnsafeStart, which ends the process with its message and without a traceback.
    """
    environment = Environment()
    faults = list(_misplaced_secrets(environment))
    if environment.profile == "production":
        faults += _production_faults()
    # The scheduler loads no rooms: it only ticks. Theirs read the database, which wrong settings need not find.
    if apps.ready:
        faults = faults or list(_rooms_faults())
    if faults:
        raise UnsafeStart("The system does not start:\n" + "\n".join(f"- {fault}" for fault in faults))


def _misplaced_secrets(environment: Environment) -> Iterator[str]:
    if environment.process not in {"web", "scheduler"}:
        return
    for name in ("ca_passphrase", "ledger_passphrase", "pkcs11_pin"):
        if getattr(environment, name).get_secret_value():
            yield f"SMKI_{name.upper()} belongs to the worker alone; take it from the {environment.process} process."


def _rooms_faults() -> Iterator[str]:
    try:
        yield from filter(None, (check() for check in _checks))
    except OperationalError as error:
        reason = str(error).splitlines()[0]
        yield f"The database cannot be read: {reason}. Start it, and look at SMKI_DATABASE_URL."


def _production_faults() -> Iterator[str]:
    if not settings.SMKI_MFA_REQUIRED:
        yield "A second factor must be required: set SMKI_MFA_REQUIRED=true."
    if settings.SMKI_SAMPLE_COMMUNITY:
        yield "One-click sign-in of the sample community is on: set SMKI_SAMPLE_COMMUNITY=false."
    if "*" in settings.ALLOWED_HOSTS:
        yield "Any host name is allowed, and links in e-mails carry it: name your own in SMKI_ALLOWED_HOSTS."
    for message in _messages():
        if message.level >= checks.WARNING and not message.is_silenced():
            yield f"{message.id}: {message.msg}"


def _messages() -> list[checks.CheckMessage]:
    """What Django's checks find that this process can be asked for.

    The web process is asked everything. A worker serves no page: loading them all would cost it a tenth of its
    memory. The scheduler has no models either.
    """
    if settings.SMKI_PROCESS == "web":
        return checks.run_checks(include_deployment_checks=True)
    tags = [checks.Tags.security, *([checks.Tags.models, checks.Tags.database] if apps.ready else [])]
    return checks.run_checks(tags=tags, include_deployment_checks=True)

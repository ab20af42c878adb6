"""What must hold before a process of the system starts work."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings

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
    # The scheduler, which only ticks, loads no rooms.
    if apps.ready:
        if environment.profile == "production":
            faults += _faults_by_django()
        # A room's check reads the database, which wrong settings need not find.
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
    from django.db import OperationalError

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


def _faults_by_django() -> Iterator[str]:
    """What Django's checks find. A worker serves no page: loading them all would cost it a tenth of its memory."""
    from django.core import checks

    tags = None if settings.SMKI_PROCESS == "web" else [checks.Tags.security, checks.Tags.models]
    for message in checks.run_checks(tags=tags, include_deployment_checks=True):
        if message.level >= checks.WARNING and not message.is_silenced():
            yield f"{message.id}: {message.msg}"

"""Delivery by e-mail, the hourly reminders, the daily digest, checkpoints in time."""

from typing import Any

from smki_pma.calendar import clock, working_days
from smki_pma.jobs import every, job_handler
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.logs import CERTIFICATES, LEDGER
from smki_pma.notices.checkpoint_copies import mail_latest_checkpoint
from smki_pma.notices.checkpoint_watch import call_operators, sign_if_due
from smki_pma.notices.delivery import deliver, send_digests
from smki_pma.notices.reminders import remind_of_what_falls_due


@job_handler("notices.deliver", atomic=False)
def deliver_notice(payload: dict[str, Any]) -> dict[str, Any]:
    return dict(deliver(payload["notice_id"]))


@every("1h", name="notices.remind", atomic=False)
def remind_holders() -> dict[str, Any]:
    return {"reminded": remind_of_what_falls_due()}


@every("1d", name="notices.digest", atomic=False)
def send_daily_digests() -> dict[str, Any]:
    if not working_days.is_working_day(clock.today()):
        return {"sent": 0}
    return {"sent": send_digests()}


@every("1d", name="notices.mail_checkpoint", atomic=False)
def mail_daily_checkpoint() -> dict[str, Any]:
    return {"sent": mail_latest_checkpoint()}


def _ledger_not_signed(payload: dict[str, Any], error: str) -> None:
    call_operators(log=LEDGER, error=error, by=Actor.clock())


def _certificates_not_signed(payload: dict[str, Any], error: str) -> None:
    call_operators(log=CERTIFICATES, error=error, by=Actor.clock())


@every("5m", name="ledger.watch", on_failure=_ledger_not_signed)
def watch_ledger() -> dict[str, Any]:
    return dict(sign_if_due(LEDGER))


@every("5m", name="certificate_log.watch", on_failure=_certificates_not_signed)
def watch_certificates() -> dict[str, Any]:
    return dict(sign_if_due(CERTIFICATES))

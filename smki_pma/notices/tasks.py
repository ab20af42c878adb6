"""Delivery by e-mail, the hourly reminders, the daily digest."""

from typing import Any

from smki_pma.calendar import clock, working_days
from smki_pma.jobs import every, job_handler
from smki_pma.notices.checkpoint_copies import mail_latest_checkpoint
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

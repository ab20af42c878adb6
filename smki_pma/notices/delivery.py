"""E-mailing notices: at least once, with a record for each recipient, and no repeat once it was sent."""

from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.notices.models import Delivery, DeliveryState, Notice, NoticeKind
from smki_pma.notices.preferences import Preference, Reminders, choice_of
from smki_pma.parties.models import Person

UNSENT = (DeliveryState.WAITING, DeliveryState.FAILED)


class NotAllSent(RuntimeError):
    """Some recipients could not be reached; the job is tried again for them."""


@transaction.atomic
def choose(person: Person, reminders: str) -> None:
    """Keep a person's choice; the reminders not sent yet go as it says from now on."""
    Preference.objects.update_or_create(person=person, defaults={"reminders": reminders})
    if reminders == Reminders.DAILY:
        return  # the next digest takes them
    unsent = person.deliveries.filter(notice__kind=NoticeKind.REMINDER, state__in=UNSENT)
    for notice_id in unsent.values_list("notice_id", flat=True):
        jobs.enqueue("notices.deliver", {"notice_id": str(notice_id)}, key=f"notice:{notice_id}:{uuid4()}")


def deliver(notice_id: str) -> dict[str, int]:
    """E-mail a notice to every recipient who has not had it. Raises NotAllSent so that the job comes again."""
    notice = Notice.objects.get(pk=notice_id)
    waiting = notice.deliveries.filter(state__in=UNSENT)
    failed = sum(not _deliver_one(delivery) for delivery in waiting.select_related("notice", "person"))
    if failed:
        raise NotAllSent(f"{failed} of the recipients could not be reached.")
    return {"sent": notice.deliveries.filter(state=DeliveryState.SENT).count()}


def _deliver_one(delivery: Delivery) -> bool:
    if delivery.notice.kind == NoticeKind.REMINDER and delivery.person is not None:
        choice = choice_of(delivery.person)
        if choice == Reminders.NEVER:
            _mark(delivery, DeliveryState.NOT_WANTED)
        if choice != Reminders.AT_ONCE:
            return True
    try:
        message_for(delivery).send()
    except OSError as error:  # smtplib's errors are among them
        _mark(delivery, DeliveryState.FAILED, error=f"{type(error).__name__}: {error}"[:300])
        return False
    _mark(delivery, DeliveryState.SENT)
    return True


def message_for(delivery: Delivery) -> EmailMessage:
    """The e-mail: the notice's own words, its clause, and a link; nothing confidential is ever in them.

    Who has no account can open no link and has no inbox.
    """
    notice, has_account = delivery.notice, delivery.person is not None
    lines = [notice.body, ""]
    if notice.url and has_account:
        lines += [f"{settings.SMKI_PUBLIC_URL}{notice.url}", ""]
    lines += [f"Given under {notice.clause} of the Smart Energy Code."]
    if has_account:
        lines += [f"This notice is also in your inbox: {settings.SMKI_PUBLIC_URL}/inbox/"]
    lines += ["", "SMKI PMA Secretariat"]
    subject = f"SMKI PMA: {notice.subject}".replace("\n", " ").replace("\r", " ")
    identity = f"<notice-{notice.pk}-{delivery.pk}@smki-pma>"
    return EmailMessage(subject, "\n".join(lines), None, [delivery.address], headers={"Message-ID": identity})


def send_digests() -> int:
    """One e-mail each with the reminders gathered since the last one. Returns how many people were e-mailed."""
    waiting = Delivery.objects.filter(
        state__in=UNSENT,
        notice__kind=NoticeKind.REMINDER,
        person__notice_preference__reminders=Reminders.DAILY,
    ).select_related("notice", "person")
    by_person: dict[object, list[Delivery]] = {}
    for delivery in waiting.order_by("notice__sent_at"):
        by_person.setdefault(delivery.person_id, []).append(delivery)
    for deliveries in by_person.values():
        _send_digest(deliveries)
    return len(by_person)


def _send_digest(deliveries: list[Delivery]) -> None:
    lines = [f"- {each.notice.subject}" for each in deliveries]
    body = "\n".join(
        [
            "Your reminders:",
            "",
            *lines,
            "",
            f"{settings.SMKI_PUBLIC_URL}/for-you/",
            "",
            "SMKI PMA Secretariat",
        ]
    )
    subject = f"SMKI PMA: {len(deliveries)} reminder{'' if len(deliveries) == 1 else 's'}"
    try:
        EmailMessage(subject, body, None, [deliveries[0].address]).send()
    except OSError as error:
        for delivery in deliveries:
            delivery.attempts += 1
            delivery.last_error = f"{type(error).__name__}: {error}"[:300]
            delivery.save(update_fields=["attempts", "last_error"])
        return
    for delivery in deliveries:
        _mark(delivery, DeliveryState.SENT)


def _mark(delivery: Delivery, state: DeliveryState, *, error: str = "") -> None:
    delivery.state = state
    delivery.attempts += 1
    delivery.last_error = error
    if state == DeliveryState.SENT:
        delivery.delivered_at = clock.now()
    delivery.save(update_fields=["state", "attempts", "last_error", "delivered_at"])

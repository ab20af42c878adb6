"""What services call to send a notice. Part of the calling act: no entry of its own."""

from collections.abc import Iterable

from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import clause as cited
from smki_pma.ledger.gate import current_act_id
from smki_pma.notices.models import Delivery, Notice, NoticeKind
from smki_pma.parties.models import Person


def send_notice(
    *,
    clause: str,
    subject: str,
    body: str,
    people: Iterable[Person],
    url: str = "",
    kind: NoticeKind = NoticeKind.FORMAL,
    addresses: Iterable[str] = (),
) -> Notice:
    """Store a notice for each of `people` (each once) and let the worker e-mail it after the commit.

    addresses: e-mail addresses of people without an account. They have the words of a formal notice alone.
    """
    notice = Notice(
        kind=kind,
        clause=cited(clause).id,
        subject=subject,
        body=body,
        url=url,
        sent_at=clock.now(),
        act_id=current_act_id(),
    )
    notice.save()
    recipients = {person.pk: person for person in people}
    told = {person.email.casefold() for person in recipients.values()}
    others = {address.casefold(): address for address in addresses if address.casefold() not in told}
    deliveries = Delivery.objects.bulk_create(
        [
            *(Delivery(notice=notice, person=person, address=person.email) for person in recipients.values()),
            *(Delivery(notice=notice, address=address) for address in others.values()),
        ]
    )
    if deliveries:
        jobs.enqueue("notices.deliver", {"notice_id": str(notice.pk)}, key=f"notice:{notice.pk}")
    return notice

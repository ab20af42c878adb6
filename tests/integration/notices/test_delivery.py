"""Notices: delivered once to each recipient, tried again, read in the inbox; reminders once for each stage."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail

from smki_pma.calendar import clock as the_clock
from smki_pma.duties.acts import open_duty
from smki_pma.duties.models import Duty
from smki_pma.governance.membership.services import end_term
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.notices.delivery import NotAllSent, choose, deliver, send_digests
from smki_pma.notices.models import Delivery, Notice, NoticeKind
from smki_pma.notices.preferences import Reminders, choice_of
from smki_pma.notices.reminders import remind_of_what_falls_due
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import LARGE_1, person, secretariat

OWNER = Actor.owner("the test")


@service
def tell(
    *, people: list[Person], by: Actor, kind: NoticeKind = NoticeKind.FORMAL, subject: str = "News"
) -> Notice:
    notice = send_notice(
        clause="L1.15", subject=subject, body="Read this.", people=people, url="/duties/", kind=kind
    )
    record("test.told", clause="L1.15", by=by, subject=notice, audience="pma")
    return notice


@service
def owe(*, subject: Person, due_at: Any, by: Actor, holding: Holding | None = None) -> Duty:
    duty = open_duty(
        kind="test.remind",
        clause="L1.15",
        title="Write the report",
        subject=subject,
        role=None if holding else Role.AUDITOR,
        holding_id=holding and holding.pk,
        due_at=due_at,
    )
    record("test.owed", clause="L1.15", by=by, subject=duty, audience="pma")
    return duty


@pytest.fixture
def two(community: Community) -> list[Person]:
    Delivery.objects.all().delete()
    return [community.person("auditor"), community.person("panel_officer")]


def test_a_notice_goes_once_to_each_recipient(
    two: list[Person], run_jobs: Any, mailoutbox: list[Any]
) -> None:
    notice = tell(people=[*two, two[0]], by=OWNER)
    mailoutbox.clear()
    run_jobs()
    mine = [message for message in mailoutbox if message.subject == "SMKI PMA: News"]
    assert sorted(message.to[0] for message in mine) == sorted(person.email for person in two)
    assert "L1.15" in mine[0].body
    assert "/duties/" in mine[0].body
    assert {each.state for each in notice.deliveries.all()} == {"sent"}
    deliver(str(notice.pk))
    assert len([m for m in mailoutbox if m.subject == "SMKI PMA: News"]) == 2


def test_a_failed_e_mail_is_tried_again_for_whom_it_failed(
    two: list[Person], community: Community, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = tell(people=two, by=OWNER)
    send = mail.EmailMessage.send

    def unreachable(message: mail.EmailMessage, *args: Any) -> int:
        if message.to == [two[0].email]:
            raise ConnectionRefusedError("no mail server")
        return send(message, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", unreachable)
    with pytest.raises(NotAllSent):
        deliver(str(notice.pk))
    page = community.client("secretariat").get("/inbox/undelivered/").content.decode()
    assert two[0].email in page and "no mail server" in page
    assert two[1].email not in page
    failed = notice.deliveries.get(person=two[0])
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert "no mail server" in failed.last_error
    monkeypatch.undo()
    deliver(str(notice.pk))
    assert two[0].email not in community.client("secretariat").get("/inbox/undelivered/").content.decode()
    assert {(each.state, each.attempts) for each in notice.deliveries.all()} == {("sent", 2), ("sent", 1)}
    assert [message.to[0] for message in mailoutbox].count(two[1].email) == 1


def test_a_subject_adds_no_header(two: list[Person], mailoutbox: list[Any]) -> None:
    notice = tell(people=two[:1], subject="News\nBcc: everybody@example.org", by=OWNER)
    deliver(str(notice.pk))
    assert mailoutbox[-1].recipients() == [two[0].email]


def test_the_inbox_is_ones_own(two: list[Person], community: Community) -> None:
    notice = tell(people=two[:1], by=OWNER)
    delivery = notice.deliveries.get()
    auditor = community.client("auditor")
    assert "1 unread" in auditor.get("/inbox/").content.decode()
    assert community.client("panel_officer").get(f"/inbox/{delivery.pk}/").status_code == 404
    assert "Read this." in auditor.get(f"/inbox/{delivery.pk}/").content.decode()
    delivery.refresh_from_db()
    assert delivery.read_at is not None
    assert "unread" not in auditor.get("/inbox/").content.decode()


def test_formal_notices_come_by_e_mail_whatever_the_choice(two: list[Person], mailoutbox: list[Any]) -> None:
    choose(two[0], Reminders.NEVER)
    deliver(str(tell(people=two[:1], by=OWNER).pk))
    assert len(mailoutbox) == 1


def test_reminders_come_as_chosen(two: list[Person], mailoutbox: list[Any]) -> None:
    choose(two[0], Reminders.NEVER)
    choose(two[1], Reminders.DAILY)
    first = tell(people=two, kind=NoticeKind.REMINDER, subject="One", by=OWNER)
    second = tell(people=two, kind=NoticeKind.REMINDER, subject="Two", by=OWNER)
    deliver(str(first.pk))
    deliver(str(second.pk))
    assert mailoutbox == []
    assert first.deliveries.get(person=two[0]).state == "not_wanted"
    assert send_digests() == 1
    assert mailoutbox[0].to == [two[1].email]
    assert "- One" in mailoutbox[0].body
    assert "- Two" in mailoutbox[0].body
    assert send_digests() == 0


def test_reminders_not_sent_yet_follow_a_new_choice(
    two: list[Person], run_jobs: Any, mailoutbox: list[Any]
) -> None:
    for each in two:
        choose(each, Reminders.DAILY)
    notice = tell(people=two, kind=NoticeKind.REMINDER, subject="One", by=OWNER)
    run_jobs()
    mailoutbox.clear()
    choose(two[0], Reminders.AT_ONCE)
    choose(two[1], Reminders.NEVER)
    run_jobs()
    assert [message.to[0] for message in mailoutbox] == [two[0].email]
    assert notice.deliveries.get(person=two[0]).state == "sent"
    assert notice.deliveries.get(person=two[1]).state == "not_wanted"


def test_the_digest_takes_what_could_not_be_sent_at_once(
    two: list[Person], mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = tell(people=two[:1], kind=NoticeKind.REMINDER, subject="One", by=OWNER)

    def unreachable(message: mail.EmailMessage, *args: Any) -> int:
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", unreachable)
        with pytest.raises(NotAllSent):
            deliver(str(notice.pk))
    choose(two[0], Reminders.DAILY)
    assert send_digests() == 1
    assert "- One" in mailoutbox[0].body
    assert notice.deliveries.get().state == "sent"


def test_the_choice_is_made_on_its_page(community: Community) -> None:
    client = community.client("auditor")
    assert client.post("/inbox/preferences/", {"reminders": "daily"}).status_code == 302
    assert choice_of(community.person("auditor")) == "daily"
    page = client.get("/inbox/preferences/").content.decode()
    assert re.search(r'<input[^>]*value="daily"[^>]*\bchecked\b', page)
    assert client.post("/inbox/preferences/", {"reminders": "sometimes"}).status_code == 422


@pytest.mark.clause("L1.15")
def test_nobody_is_reminded_of_a_duty_of_an_office_that_has_ended(
    clock: SetClock, community: Community
) -> None:
    member = person(LARGE_1)
    holding = Holding.objects.get(person=member, is_seat=True)
    owe(subject=member, due_at=the_clock.now() + timedelta(days=1), by=OWNER, holding=holding)
    remind_of_what_falls_due()
    mine = Delivery.objects.filter(person=member, notice__subject__endswith="Write the report")
    assert mine.count() == 1

    end_term(holding_id=holding.pk, ground="ceased", evidence="Letter", by=secretariat())
    clock.advance(timedelta(days=4))
    remind_of_what_falls_due()

    assert mine.count() == 1


def test_a_holder_is_reminded_before_on_and_after_the_day_each_once(
    two: list[Person], clock: SetClock, community: Community
) -> None:
    start = the_clock.now()
    owe(subject=two[0], due_at=start + timedelta(days=9), by=OWNER)
    reminded = []
    for day in range(25):
        clock.set(start + timedelta(days=day))
        remind_of_what_falls_due()
        remind_of_what_falls_due()
        mine = Delivery.objects.filter(
            person=two[0], notice__kind="reminder", notice__subject__contains="the report"
        )
        reminded.append(mine.count())
    assert reminded[0] == 0
    assert reminded[8] >= 1
    assert reminded[-1] >= 4
    subjects = Notice.objects.filter(kind="reminder", subject__contains="the report").order_by("sent_at")
    words = list(subjects.values_list("subject", flat=True))
    assert words[0] == "Reminder: Write the report"
    assert words[-1] == "Overdue: Write the report"
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(reminded))

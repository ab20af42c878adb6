"""A form that is sent twice acts once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from smki_pma.clauses import RuleViolation
from smki_pma.ui.forms import SubmitOnceForm, form_errors
from smki_pma.ui.models import Submission
from smki_pma.website.tasks import forget_submissions

pytestmark = pytest.mark.django_db


def sent(key: object) -> SubmitOnceForm:
    form = SubmitOnceForm({"submission_key": str(key)})
    assert form.is_valid()
    return form


def test_the_second_sending_goes_where_the_first_went() -> None:
    key, acts = uuid4(), []
    for number in (1, 2):
        url = sent(key).act_once(
            lambda number=number: acts.append(number) or number, url=lambda made: f"/made/{made}/"
        )
        assert url == "/made/1/"
    assert acts == [1]


def test_another_form_acts_again() -> None:
    urls = [sent(uuid4()).act_once(lambda n=n: n, url=lambda made: f"/{made}/") for n in (1, 2)]
    assert urls == ["/1/", "/2/"]


def test_a_refused_form_may_be_put_right_and_sent_again() -> None:
    key = uuid4()

    def refuse() -> int:
        raise RuleViolation("Not now. Try later.", clause="L1.13")

    form = sent(key)
    with form_errors(form):
        form.act_once(refuse, url=lambda made: "/never/")
    assert not form.is_valid()
    assert not Submission.objects.exists()
    assert sent(key).act_once(lambda: 1, url=lambda made: "/now/") == "/now/"


def test_each_form_shown_has_a_key_of_its_own() -> None:
    assert str(SubmitOnceForm()) != str(SubmitOnceForm())


def test_a_key_that_is_no_key_is_an_error() -> None:
    assert not SubmitOnceForm({"submission_key": "1; drop"}).is_valid()


def test_old_keys_can_be_forgotten(clock: object) -> None:
    sent(uuid4()).act_once(lambda: 1, url=lambda made: "/x/")
    [row] = Submission.objects.all()
    assert Submission.objects.forget_before(row.at - timedelta(seconds=1)) == 0
    assert Submission.objects.forget_before(row.at + timedelta(seconds=1)) == 1


def test_keys_are_kept_for_a_month(clock: Any) -> None:
    clock.set(datetime(2026, 11, 2, 12, tzinfo=UTC))
    sent(uuid4()).act_once(lambda: 1, url=lambda made: "/x/")
    clock.advance(timedelta(days=29))
    forget_submissions()
    assert Submission.objects.count() == 1
    clock.advance(timedelta(days=2))
    forget_submissions()
    assert Submission.objects.count() == 0

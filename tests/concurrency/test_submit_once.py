"""The same form, sent by two browser tabs at the same moment."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from smki_pma.ui.forms import SubmitOnceForm

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_one_of_two_sendings_acts() -> None:
    key, acts, urls = uuid4(), [], []
    both_ready = threading.Barrier(2)

    def send(number: int) -> None:
        form = SubmitOnceForm({"submission_key": str(key)})
        assert form.is_valid()
        both_ready.wait()
        try:
            urls.append(
                form.act_once(lambda: acts.append(number) or number, url=lambda made: f"/made/{made}/")
            )
        finally:
            connection.close()

    tabs = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(acts) == 1
    assert urls == [f"/made/{acts[0]}/"] * 2

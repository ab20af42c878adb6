"""Long lists in pages by key."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.http import QueryDict

from smki_pma.ui.paging import keyset_page, page_links

pytestmark = pytest.mark.django_db


def page(before: str | None, size: int = 3):
    return keyset_page(ContentType.objects.all(), key="id", before=before, size=size)


def test_the_pages_hold_every_row_once() -> None:
    seen, before = [], None
    while True:
        shown = page(before)
        seen += [row.pk for row in shown]
        before = shown.older
        if before is None:
            break
    assert seen == list(ContentType.objects.order_by("-id").values_list("id", flat=True))


@pytest.mark.parametrize("before", [None, "", "x", "-1", "1; drop", "9" * 40, "²"])
def test_nonsense_gives_the_first_page(before: str | None) -> None:
    assert page(before).rows[0].pk == ContentType.objects.aggregate(newest=Max("id"))["newest"]


def test_a_page_costs_one_query(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        list(page(None))


def test_links_lead_on_and_back_to_the_newest() -> None:
    first = page(None)
    links = page_links(first, QueryDict("kind=vote"))
    assert (links["previous"], links["next"]) == (None, f"?kind=vote&before={first.older}")
    later = page_links(page(first.older), QueryDict(f"kind=vote&before={first.older}"))
    assert later["previous"] == "?kind=vote"


def test_a_list_that_fits_has_no_links() -> None:
    links = page_links(page(None, size=10_000), QueryDict())
    assert (links["previous"], links["next"]) == (None, None)

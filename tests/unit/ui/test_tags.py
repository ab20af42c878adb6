"""The tags that pages are made of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from lxml import html

from smki_pma.clauses import UnknownClause
from smki_pma.ui.state_words import COLOURS, SAME_AS, look_of

WINTER = datetime(2026, 11, 22, 14, 15, tzinfo=UTC)


def render(text: str, address: str = "/", **values: Any) -> str:
    context = Context({"request": RequestFactory().get(address), **values})
    load = "" if text.startswith("{% extends") else "{% load ui %}"
    return Template(load + text).render(context)


def tree(text: str, address: str = "/", **values: Any) -> Any:
    return html.fromstring(f"<div>{render(text, address, **values)}</div>")


def test_a_clause_links_to_its_entry() -> None:
    [link] = tree('{% clause "L1.12(a)" %}').xpath("//a")
    assert link.text_content() == "Clause L1.12(a)"
    assert link.get("href").endswith("#L1.12")


def test_a_wrong_clause_does_not_pass() -> None:
    with pytest.raises(UnknownClause):
        render('{% clause "L99.1" %}')


@pytest.mark.parametrize("word", COLOURS)
def test_each_state_has_its_word(word: str) -> None:
    [tag] = tree("{% state_tag word %}", word=word).xpath("//strong")
    assert tag.text_content().lower() == word


def test_states_of_the_rooms_lead_to_the_fixed_words() -> None:
    assert set(SAME_AS.values()) <= set(COLOURS)
    assert not set(SAME_AS) & set(COLOURS)
    assert len(COLOURS) <= 12


def test_an_unknown_state_is_a_fault() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        look_of("nonsense")


def test_a_state_may_say_whose_it_is() -> None:
    [tag] = tree('{% state_tag "open" "Vote 3" %}').xpath("//strong")
    assert tag.text_content() == "Vote 3: Open"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (WINTER, "22 November 2026 at 2:15pm"),
        (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "1 July 2026 at 2pm"),
        (datetime(2026, 7, 1, 11, 0, tzinfo=UTC), "1 July 2026 at midday"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 12:30am"),
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), "1 December 2026 at 12:00am"),
    ],
)
def test_moments_in_london(at: datetime, words: str) -> None:
    assert tree("{% when at %}", at=at).text_content() == words


def test_a_moment_for_machines_is_in_utc() -> None:
    assert tree("{% when at %}", at=datetime(2026, 7, 1, 13, tzinfo=UTC)).xpath("//time/@datetime") == [
        "2026-07-01T13:00:00Z"
    ]


def test_a_moment_that_has_not_come() -> None:
    assert render('{% when at "Still open" %}', at=None) == "Still open"


def test_a_day_is_the_day_in_london() -> None:
    assert tree("{% day on %}", on=date(2026, 11, 2)).text_content() == "2 November 2026"
    assert tree("{% day on %}", on=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)).text_content() == "2 July 2026"


def test_a_button_guards_against_a_double_press() -> None:
    [button] = tree('{% button "Close the vote" kind="warning" name="do" value="close" %}').xpath("//button")
    assert button.get("data-prevent-double-click") == "true"
    assert (button.get("name"), button.get("value")) == ("do", "close")
    assert "govuk-button--warning" in button.get("class")


def test_a_button_link_is_a_link() -> None:
    [link] = tree('{% button_link "Start" "/x/" start=True %}').xpath("//a")
    assert link.get("href") == "/x/"


@pytest.mark.parametrize("tag", ["warning", "empty", "empty_state", "inset"])
def test_block_tags_hold_what_stands_in_them(tag: str) -> None:
    shown = tree(f"{{% {tag} %}}<p>{{{{ inner }}}}</p>{{% end{tag} %}}", inner="<b>")
    assert shown.xpath("//p")[0].text == "<b>"


def test_details_and_panel_have_a_title() -> None:
    assert (
        tree("{% details title %}x{% enddetails %}", title="A & B").xpath("//summary/span")[0].text == "A & B"
    )
    assert tree('{% panel "Receipt" %}x{% endpanel %}').xpath("//h1")[0].text == "Receipt"


def test_a_summary_row_says_what_it_changes() -> None:
    [link] = tree('{% summary_row "Position" "For" "/x/" %}').xpath("//a")
    assert link.text_content() == "Change position"
    assert tree('{% summary_row "Position" value %}', value="<For>").xpath("//dd")[0].text == "<For>"


def test_the_timeline_shows_the_first_ledger_entry_too() -> None:
    entries = [{"title": "Submitted", "at": WINTER, "by": "Dana", "clause": "L9.7", "number": 0}]
    text = tree("{% timeline entries %}", entries=entries).text_content()
    assert "by Dana" in text
    assert "Ledger entry 0" in text
    assert "Ledger entry" not in tree("{% timeline e %}", e=[{"title": "T", "at": WINTER}]).text_content()


def test_pages_keep_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).get_page(3)
    hrefs = tree("{% pagination page %}", "/x/?q=a%26b&page=3", page=page).xpath("//a/@href")
    assert hrefs[0] == "?q=a%26b&page=2"
    assert hrefs[-1] == "?q=a%26b&page=4"


def test_one_page_needs_no_pagination() -> None:
    assert render("{% pagination page %}", page=Paginator(range(3), 10).get_page(1)).strip() == ""


@pytest.mark.parametrize(
    ("address", "order", "href"),
    [
        ("/", "none", "?sort=name"),
        ("/?sort=name", "ascending", "?sort=-name"),
        ("/?sort=-name&page=2", "descending", "?sort=name"),
    ],
)
def test_a_header_sorts_by_a_link(address: str, order: str, href: str) -> None:
    [header] = tree('<table><tr>{% sort_header "Name" "name" %}</tr></table>', address).xpath("//th")
    assert header.get("aria-sort") == order
    assert header.xpath("a/@href") == [href]


def test_sub_navigation_marks_where_one_is() -> None:
    shown = tree("{% sub_navigation items %}", "/b/?x=1", items=[("A", "/a/"), ("B", "/b/")])
    assert [a.text for a in shown.xpath("//a[@aria-current='page']")] == ["B"]


def test_htmx_is_told_to_evaluate_nothing() -> None:
    assert tree("{% htmx %}").xpath("//script/@src") == ["/static/js/htmx.js"]
    [meta] = html.fromstring(render('{% extends "base.html" %}')).xpath("//meta[@name='htmx-config']")
    assert '"allowEval": false' in meta.get("content")
    assert '"includeIndicatorStyles": false' in meta.get("content")

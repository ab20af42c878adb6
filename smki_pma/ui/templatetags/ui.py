"""The tags of every page: errors, clauses, states, times, buttons and small parts."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from smki_pma.clauses import Clause
from smki_pma.clauses import clause as find_clause
from smki_pma.ui import times
from smki_pma.ui.error_words import listed_errors
from smki_pma.ui.listing import sorted_address
from smki_pma.ui.paging import page_links
from smki_pma.ui.state_words import look_of

register = template.Library()


@register.simple_tag
def clause(cited: str | Clause) -> SafeString:
    """A citation that links to the clause's entry on the Code page. Raises UnknownClause."""
    found = find_clause(str(cited))
    try:
        address = f"{reverse('rules_in_force:show_code')}#{found.anchor}"
    except NoReverseMatch:
        return format_html('<span class="app-clause">{}</span>', found.id)
    return format_html(
        '<a class="app-clause" href="{}"><span class="govuk-visually-hidden">Clause </span>{}</a>',
        address,
        found.id,
    )


@register.simple_tag
def state_tag(state: str, about: str = "") -> SafeString:
    """A state in one of the fixed words. about: whose state it is, for people who do not see the page."""
    word, colour = look_of(str(state))
    colour_class = f" govuk-tag--{colour}" if colour != "blue" else ""
    hidden = format_html('<span class="govuk-visually-hidden">{}: </span>', about) if about else ""
    return format_html('<strong class="govuk-tag{}">{}{}</strong>', colour_class, hidden, word)


@register.simple_tag
def when(at: datetime | None, empty: str = "Not yet") -> SafeString:
    """A moment in London: "22 November 2026 at 2:15pm"."""
    if at is None:
        return format_html("{}", empty)
    return format_html('<time datetime="{}">{}</time>', times.machine(at), times.moment(at))


@register.simple_tag
def day(on: date | datetime | None, empty: str = "Not set") -> SafeString:
    """A date, London's if it is given as a moment: "22 November 2026"."""
    if on is None:
        return format_html("{}", empty)
    london = times.london_day(on)
    return format_html('<time datetime="{}">{}</time>', london.isoformat(), times.day(london))


@register.inclusion_tag("ui/parts/button.html")
def button(text: str, kind: str = "", name: str = "", value: str = "", small: bool = False) -> dict[str, Any]:
    """A submit button. kind: "", "secondary" or "warning"."""
    return {"text": text, "kind": kind, "name": name, "value": value, "small": small}


@register.inclusion_tag("ui/parts/button_link.html")
def button_link(
    text: str, url: str, kind: str = "", start: bool = False, small: bool = False
) -> dict[str, Any]:
    """A link that looks like a button, for going somewhere without changing anything."""
    return {"text": text, "url": url, "kind": kind, "start": start, "small": small}


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(*forms: "BaseForm | BaseFormSet[Any] | None") -> dict[str, Any]:
    """All errors of the forms and form sets, each with a link to the first input that it is about."""
    return {"errors": listed_errors(forms)}


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One form field, with other options than its form gives it (see FieldOptions)."""
    bound.options = bound.options.with_changes(options)
    return bound.as_field_group()


@register.inclusion_tag("ui/parts/summary_row.html")
def summary_row(key: str, value: Any, url: str = "", action: str = "Change") -> dict[str, Any]:
    """A row of a summary list, with a link to change it if a url is given."""
    return {"key": key, "value": value, "url": url, "action": action}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Any, heading_level: int = 3) -> dict[str, Any]:
    """Events, newest first as given: each with title, at, and if known by, text, clause, number, url."""
    return {"entries": entries, "level": heading_level}


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, label: str = "Pages") -> dict[str, Any]:
    """Links between pages of a list: a Django Page, or a KeysetPage (see ui.paging)."""
    return page_links(page, context["request"].GET) | {"label": label}


@register.inclusion_tag("ui/parts/sort_header.html", takes_context=True)
def sort_header(
    context: Context, text: str, key: str, param: str = "sort", numeric: bool = False
) -> dict[str, Any]:
    """A column header that sorts by a link; the view reads `?sort=key` or `?sort=-key`."""
    return sorted_address(context["request"].GET, key, param) | {"text": text, "numeric": numeric}


@register.inclusion_tag("ui/parts/sub_navigation.html", takes_context=True)
def sub_navigation(context: Context, items: Any, label: str = "Sections of this page") -> dict[str, Any]:
    """Links between pages of one subject: pairs (text, url); the one at this address is marked."""
    path = context["request"].path
    return {"items": [(text, url, url.split("?")[0] == path) for text, url in items], "label": label}


@register.simple_tag
def hash(digest: str) -> SafeString:
    """A SHA-256 in full, in a fixed-width face, breaking where the line ends."""
    return format_html('<code class="app-hash">{}</code>', digest)


@register.simple_tag
def badge(text: str, colour: str = "purple") -> SafeString:
    """A classification beside a title: "Confidential", "Test"."""
    return format_html('<span class="moj-badge moj-badge--{}">{}</span>', colour, text)


@register.simple_tag
def classification_band(text: str = "Confidential: only for DCC and the SMKI PMA (L9.12)") -> SafeString:
    """The band at the top of a confidential page, on screen and on paper."""
    return format_html('<div class="app-classification"><p>{}</p></div>', text)


FOOTER = [
    ("How this works", "website:how_this_works"),
    ("Rules in force", "rules_in_force:list_rules"),
    ("Ledger", "ledger:show_ledger"),
    ("Accessibility", "website:accessibility"),
    ("Privacy", "website:privacy"),
]


@register.simple_tag
def footer_links() -> list[tuple[str, str]]:
    """Text and address of each footer link; a test's own URL configuration may lack some."""
    found = []
    for text, name in FOOTER:
        with suppress(NoReverseMatch):
            found.append((text, reverse(name)))
    return found


class PartNode(template.Node):
    """A block tag whose content goes into a partial template."""

    def __init__(self, name: str, content: NodeList, arguments: list[FilterExpression]) -> None:
        self.name = name
        self.nodelist = content  # by this name Django finds blocks of the page inside
        self.arguments = arguments

    def render(self, context: Context) -> SafeString:
        values = [argument.resolve(context) for argument in self.arguments]
        inner = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        return render_to_string(f"ui/parts/{self.name}.html", {"content": inner, "arguments": values})


class LandmarkNode(PartNode):
    """The way back above a page, in a landmark of its own; nothing where the page has none."""

    def render(self, context: Context) -> SafeString:
        inner = self.nodelist.render(context).strip()
        if not inner or inner.startswith("<nav"):
            return SafeString(inner)
        return format_html('<nav aria-label="Back">{}</nav>', SafeString(inner))


def _block(parser: Parser, token: Token) -> PartNode:
    """A tag that has an end tag of its name. Arguments are positional."""
    name, *arguments = token.split_contents()
    content = parser.parse((f"end{name}",))
    parser.delete_first_token()
    node = LandmarkNode if name == "way_back" else PartNode
    return node(name, content, [parser.compile_filter(argument) for argument in arguments])


for block_name in ("warning", "empty", "empty_state", "inset", "details", "panel", "way_back"):
    register.tag(block_name, _block)


@register.inclusion_tag("ui/parts/htmx.html")
def htmx() -> dict[str, Any]:
    """The script for live counts, without evaluation of code and without a style of its own."""
    return {}

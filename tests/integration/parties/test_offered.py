"""The community pages offer nobody what ends in a refusal, and offer the clerks what they need."""

import re

import pytest
from django.urls import reverse

from smki_pma.parties.models import Holding, Party, Person
from tests.community import Community

LISTS = ("list_people", "list_organisations", "list_parties", "list_offices")


def pages(community: Community) -> list[str]:
    """The lists, somebody with each kind of office, a Party and DCC."""
    people = [
        community.person(name).pk for name in ("party_officer", "dcc_ra_officer", "auditor", "pma_chair")
    ]
    found = [reverse(f"parties:{name}") for name in LISTS]
    found += [reverse("parties:show_person", args=[pk]) for pk in people]
    parties = (
        Party.objects.get(organisation__name__startswith="Aldermoor Energy"),
        Party.objects.get(category="dcc"),
    )
    return found + [reverse("parties:show_party", args=[party.pk]) for party in parties]


def offered(html: str) -> set[str]:
    """The addresses that the page's content links to."""
    content = html.split("<main", 1)[1].split("</main>", 1)[0]
    return set(re.findall(r'href="(/[^"#]+)', content))


@pytest.mark.parametrize(
    "persona",
    [
        "panel_officer",
        "secretariat",
        "code_administrator",
        "party_officer",
        "dcc_document_owner",
        "dcc_ra_officer",
    ],
)
def test_nothing_is_offered_that_is_refused(persona: str, community: Community) -> None:
    client = community.client(persona)
    shown = [client.get(page) for page in pages(community)]
    links = set().union(*(offered(page.content.decode()) for page in shown if page.status_code == 200))
    assert links or persona.startswith("dcc")
    assert {link for link in links if client.get(link).status_code == 403} == set()


def test_who_may_end_an_office_is_offered_it(community: Community) -> None:
    def ends(persona: str, of: Person) -> bool:
        holding = Holding.objects.get(person=of)
        page = community.client(persona).get(reverse("parties:show_person", args=[of.pk])).content.decode()
        return reverse("parties:end_holding", args=[holding.pk]) in page

    officer, auditor = community.person("party_officer"), community.person("auditor")
    assert ends("secretariat", officer) and not ends("panel_officer", officer)
    assert ends("panel_officer", auditor) and not ends("secretariat", auditor)
    party = reverse("parties:show_party", args=[Holding.objects.get(person=officer).party_id])
    own = community.client("party_officer").get(party).content.decode()
    assert reverse("parties:end_holding", args=[Holding.objects.get(person=officer).pk]) in own

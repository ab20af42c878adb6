"""The navigation leads nobody to a page that is not for them."""

import re

import pytest

from tests.community import PERSONAS, Community

pytestmark = pytest.mark.once
LINK = re.compile(r'<a class="govuk-service-navigation__link" href="([^"]+)"')
# Its Party waits for its entry tests: the page says so, and whom to ask (L5.5).
WAITS = {"other_party_officer": {"/repository/documents/", "/repository/certificates/"}}


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_link_opens(community: Community, persona: str) -> None:
    client = community.client(persona)
    links = LINK.findall(client.get("/for-you/").content.decode())
    assert len(links) > 3
    refused = {link for link in links if client.get(link).status_code >= 400}
    assert refused == WAITS.get(persona, set())

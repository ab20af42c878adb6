"""People and the story of a CPS."""

import pytest

from tests.samples.community import everybody
from tests.samples.cps import Story


@pytest.fixture
def people(db):
    return everybody()


@pytest.fixture
def story(people):
    return Story(people)


@pytest.fixture
def sign_in(client, people):
    """Sign somebody in: `sign_in("auditor")` gives the client."""

    def run(role):
        client.force_login(people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return run

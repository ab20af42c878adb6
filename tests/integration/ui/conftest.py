"""The pages of tests/browser/components, beside the project's own addresses."""

import pytest
from django.test import Client

from tests.browser.components.served import with_templates


@pytest.fixture
def client(settings: pytest.FixtureRequest) -> Client:
    with_templates(settings)
    return Client(raise_request_exception=False)

"""The interface answers as its OpenAPI description says, whatever is sent: schemathesis asks it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from repository.certificates.models import Certificate
from tests.samples.interface import front_extras, issued_credential

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def description(them: Any, settings: Any) -> Iterator[Any]:
    """The description as served, of the application as gunicorn calls it on the front's socket."""
    extras = front_extras(settings, issued_credential(them))
    caches["limits"].clear()
    application = get_wsgi_application()

    def front(environ: dict[str, Any], start_response: Any) -> Any:
        return application(environ | extras, start_response)

    # As django.test.Client does: the test's connection outlives each answer.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", front)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.clause("L4.4")
def test_every_answer_is_described(description: Any) -> None:
    asked = 0
    for found in description.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @examples(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        ask()
        asked += 1
    assert asked == 8
    assert not Certificate.objects.filter(kind="device").exists()

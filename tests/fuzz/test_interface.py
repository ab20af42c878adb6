"""Messages to the SMKI Service Interface, changed at random: answered with a status and a code, never with a crash.

Not part of `make test`: `make fuzz` runs it after the coverage-guided targets. FUZZ_EXAMPLES says how many.
"""

import base64
import json
import os
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repository.certificates.models import Certificate
from tests.samples.certification_fixtures import *
from tests.samples.interface import front_extras, issued_credential
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
ADDRESSES = ("/api/v1/requests", "/api/test/v1/requests", "/api/v1/batches")
EST = tuple(f"/.well-known/est/{label}/simpleenroll" for label in ("device", "organisation", "test-device"))
RIGHT = [base64.b64encode(recipe.make()) for recipe in (device(), organisation())]
RIGHT += [json.dumps({"policy": "device", "csr": RIGHT[0].decode()}).encode()]
TYPES = ("application/json", "application/pkcs10", "application/zip", "text/plain", "")
CHANGES = st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=12)), min_size=1, max_size=4)


@pytest.fixture
def extras(them: Any, settings: Any) -> dict[str, Any]:
    return front_extras(settings, issued_credential(them))


def changed(right: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    for place, piece in changes:
        right = right[:place] + piece + right[place + len(piece) :]
    return right


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(ADDRESSES + EST), st.sampled_from(RIGHT), CHANGES, st.sampled_from(TYPES))
def test_any_body_is_answered(
    extras: dict[str, Any], address: str, right: bytes, changes: list[tuple[int, bytes]], content_type: str
) -> None:
    caches["limits"].clear()
    before = Certificate.objects.count()
    client = Client(raise_request_exception=True)
    answer = client.post(
        address,
        changed(right, changes),
        content_type=content_type,
        headers={"prefer": "respond-async"},
        **extras,
    )
    assert 200 <= answer.status_code < 500, answer.content
    if answer.status_code >= 400 and answer.get("Content-Type") == "application/problem+json":
        assert {"code", "clause", "detail"} <= answer.json().keys()
    assert Certificate.objects.count() == before

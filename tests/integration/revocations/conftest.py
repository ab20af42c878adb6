"""The revocations room works with a subscriber and Authorities (`them`), and a Certificate of each kind."""

from typing import Any

import pytest

from certification.requests.services import accept_request
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from tests.samples.certification_fixtures import *
from tests.samples.signing_requests import device, organisation


@pytest.fixture
def certificate(them: Any, run_jobs: Any) -> Certificate:
    """An Organisation Certificate of the subscriber."""
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)
    run_jobs()
    request.refresh_from_db()
    assert request.certificate is not None
    return request.certificate


@pytest.fixture
def device_certificate(them: Any, run_jobs: Any) -> Certificate:
    """A Device Certificate of the subscriber."""
    request = them.submit(device().make())
    run_jobs()
    request.refresh_from_db()
    assert request.certificate is not None
    return request.certificate

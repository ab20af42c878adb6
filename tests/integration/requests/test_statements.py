"""Plain statements: what they read is what the ORM reads, and PostgreSQL plans each once for a connection."""

from typing import Any

import pytest
from django.db import connection, models

from certification.authorities.models import AbandonedIntent, Intent
from certification.requests.models import CertificateRequest
from repository.certificates.models import Certificate
from smki_pma.statements import PREPARED_AFTER, fetch_one, find_row, get_row
from tests.samples.certification_fixtures import *
from tests.samples.signing_requests import device


def values(row: models.Model) -> dict[str, Any]:
    """Every column's value and its type, that of a memoryview being its bytes."""
    return {
        field.attname: (type(value), bytes(value) if isinstance(value, memoryview) else value)
        for field in row._meta.concrete_fields
        for value in [getattr(row, field.attname)]
    }


def test_a_row_is_read_as_the_orm_reads_it(them: Any, run_jobs: Any) -> None:
    them.submit(device().make())
    run_jobs()
    for model, key in ((CertificateRequest, "uid"), (Intent, "reference"), (Certificate, "id")):
        by_orm = model.objects.latest("pk" if model is not Intent else "created_at")
        for lock in (False, True):
            row = get_row(model, lock=lock, **{key: getattr(by_orm, key)})
            assert (row, values(row)) == (by_orm, values(by_orm))
            assert not row._state.adding


def test_a_row_that_is_not_there(them: Any) -> None:
    with pytest.raises(CertificateRequest.DoesNotExist):
        get_row(CertificateRequest, id=0)
    assert find_row(AbandonedIntent, intent_id=0) is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its own statements.")
def test_postgresql_plans_a_statement_once(db: None) -> None:
    asked = "SELECT 40 + %s"
    for number in range(PREPARED_AFTER + 2):
        assert fetch_one(asked, [number]) == (40 + number,)
    kept = fetch_one("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 40 + $1'")
    assert kept == (1,)

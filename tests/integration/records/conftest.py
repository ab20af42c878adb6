"""A decision that asks for its document."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.template import engines

from smki_pma.ledger.gate import record, service
from smki_pma.parties.models import Organisation
from smki_pma.records.models import Record
from smki_pma.records.requests import request_record
from tests.integration.ledger.conftest import SECRETARY, data_folder  # noqa: F401 - a fixture

TEMPLATE = """{% extends "records/document.html" %}
{% block content %}<h2>Decision</h2><p class="decision">{{ words }}</p>
<table><thead><tr><th scope="col">Seat</th><th scope="col">Ballot</th></tr></thead>
<tbody><tr><td>Chair</td><td>For</td></tr></tbody></table>
<ul><li>One</li></ul>{% endblock %}"""


def words_of(record: Record) -> dict[str, str]:
    return {"words": "Approved <script>alert(1)</script> naïvely"}


@service
def decide(*, audience: str = "public", title: str = "Decision 2026/3: Device CPS") -> Record:
    organisation = Organisation(name=title)
    organisation.save()
    record(
        "decision.made",
        clause="L9.9(b)",
        by=SECRETARY,
        subject=organisation,
        audience=audience,
        checkpoint=True,
    )
    return request_record(
        kind="sample",
        title=title,
        subject=organisation,
        template="tests/decision.html",
        context_builder="tests.integration.records.conftest.words_of",
        audience=audience,
    )


@pytest.fixture(autouse=True)
def template(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "templates"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "decision.html").write_text(TEMPLATE, encoding="utf-8")
    engine = engines["django"].engine  # type: ignore[attr-defined]
    engine.dirs.append(folder)
    engine.template_loaders[0].reset() if hasattr(engine.template_loaders[0], "reset") else None
    yield
    engine.dirs.remove(folder)


@pytest.fixture
def made(run_jobs: Callable[[], int]) -> Record:
    """The decision's document, made by the worker."""
    requested = decide()
    run_jobs()
    return Record.objects.get(pk=requested.pk)

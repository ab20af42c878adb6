"""The batch room works with a subscriber and Authorities (`them`)."""

from typing import Any

import pytest

from certification.batches.models import Batch
from smki_pma.jobs.models import Job
from tests.samples.batches import hand_in_files
from tests.samples.certification_fixtures import *


@pytest.fixture
def unpacked(them: Any, run_jobs: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hand in files and unpack them, with no chunk issued yet; gives the batch."""
    monkeypatch.setattr("certification.batches.chunks.issue", lambda *args, **kwargs: None)

    def unpack(files: dict[str, bytes]) -> Batch:
        batch = hand_in_files(them, files)
        run_jobs()
        Job.objects.filter(kind="batches.chunk").delete()
        return Batch.objects.get(pk=batch.pk)

    return unpack


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two requests, two at once."""
    monkeypatch.setattr("certification.batches.checking.CHUNK", 2)
    monkeypatch.setattr("certification.batches.checking._CHUNKS_AT_ONCE", 2)

"""Forgetting what need not be kept, and looking after what must be."""

from datetime import timedelta
from typing import Any

from smki_pma.calendar import clock
from smki_pma.jobs import every
from smki_pma.ui.models import Submission
from smki_pma.website.damage import check_files

# A browser tab left open for longer than this starts a new form.
KEPT_FOR = timedelta(days=30)


@every("24h", name="website.forget_submissions")
def forget_submissions() -> None:
    """Drop the keys of forms sent long ago; they only stop a second sending."""
    Submission.objects.forget_before(clock.now() - KEPT_FOR)


@every("1d", name="website.check_files", atomic=False)
def check_stored_files() -> dict[str, Any] | None:
    """Find damage before a reader does."""
    return dict(check_files())

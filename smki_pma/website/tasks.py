"""Forgetting what need not be kept."""

from datetime import timedelta

from smki_pma.calendar import clock
from smki_pma.jobs import every
from smki_pma.ui.models import Submission

# A browser tab left open for longer than this starts a new form.
KEPT_FOR = timedelta(days=30)


@every("24h", name="website.forget_submissions")
def forget_submissions() -> None:
    """Drop the keys of forms sent long ago; they only stop a second sending."""
    Submission.objects.forget_before(clock.now() - KEPT_FOR)

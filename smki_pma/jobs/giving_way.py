"""Batches give way to single requests: what has 30 seconds goes before what has a day. L8.1, L8.11

A lower priority of the process is not enough, for the database works for both alike. So whoever takes jobs of a
batch looks first whether urgent ones are in hand and waits for a quiet moment; but not for ever, so that a batch
moves on however many single requests come.
"""

import time

from smki_pma.calendar import clock
from smki_pma.jobs.models import JobState
from smki_pma.jobs.registry import Lane
from smki_pma.statements import fetch_one

# A night's 375,000 by two processes may wait so 190 times: half an hour of the hours that the target leaves.
LONGEST_SECONDS = 10.0
# Between requests that come one after another are gaps; one of this length says that they have ended.
QUIET_SECONDS = 0.5
PAUSE_SECONDS = 0.05
# Two, so that each is answered from the index of its state.
_IN_HAND = (
    "SELECT EXISTS (SELECT 1 FROM jobs_job WHERE lane = %s AND state = %s AND run_at <= %s)"
    " OR EXISTS (SELECT 1 FROM jobs_job WHERE lane = %s AND state = %s AND leased_until > %s)"
)
# Whether this process waited before its last job: then a moment without any may be a gap.
_waited = False


def give_way() -> None:
    """Return when no urgent job is in hand, or after LONGEST_SECONDS."""
    global _waited
    began = time.monotonic()
    quiet_from = began if _waited else began - QUIET_SECONDS
    _waited = False
    while (now := time.monotonic()) - began < LONGEST_SECONDS:
        if _is_urgent_in_hand():
            _waited, quiet_from = True, now
        elif now - quiet_from >= QUIET_SECONDS:
            return
        time.sleep(PAUSE_SECONDS)


def _is_urgent_in_hand() -> bool:
    now, lane = clock.now(), Lane.URGENT.value
    row = fetch_one(_IN_HAND, [lane, JobState.QUEUED.value, now, lane, JobState.RUNNING.value, now])
    return bool(row and row[0])

from datetime import timedelta

import pytest
from django.test import Client

from smki_pma.calendar import clock as now
from smki_pma.jobs.models import Job, JobState
from tests.clock import SetClock
from tests.community import Community

pytestmark = pytest.mark.django_db


def add_job(state: JobState = JobState.QUEUED) -> Job:
    ended = now.now() if state in {JobState.DONE, JobState.FAILED} else None
    return Job.objects.create(
        kind=f"test.{state}",
        lane="normal",
        key=f"canary-key {state}",
        payload={"id": "canary-payload"},
        result={"id": "canary-result"},
        state=state,
        error="ZeroDivisionError" if state == JobState.FAILED else "",
        run_at=now.now(),
        due_at=now.now(),
        created_at=now.now(),
        ended_at=ended,
    )


def test_page_shows_jobs_without_what_they_carry(community: Community) -> None:
    for state in (JobState.QUEUED, JobState.DONE, JobState.FAILED):
        add_job(state)
    text = community.client("dcc_ca_operator").get("/jobs/").content.decode()
    assert "test.queued" in text
    assert "ZeroDivisionError" in text
    assert "canary" not in text


def test_page_filters_by_state(community: Community) -> None:
    for state in (JobState.DONE, JobState.FAILED):
        add_job(state)
    text = community.client("secretariat").get("/jobs/?state=failed").content.decode()
    assert "test.failed" in text
    assert "test.done" not in text


def test_ready_while_jobs_are_taken_and_not_when_nobody_takes_them(client: Client, clock: SetClock) -> None:
    add_job()
    assert client.get("/readyz").status_code == 200
    clock.advance(timedelta(minutes=2))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["jobs"]) == (503, False)


def test_alive_without_sign_in(client: Client) -> None:
    assert client.get("/livez").json() == {"alive": True}

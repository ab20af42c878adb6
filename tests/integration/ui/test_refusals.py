"""Refusals as pages and as plain text, and the headers that every page has."""

import json
import re

import pytest
from django.test import Client

from tests.browser.components.served import URLS

pytestmark = [pytest.mark.urls(URLS)]


@pytest.fixture(autouse=True)
def _no_database_needed() -> None:
    """None of these pages may read the database: pytest-django fails them if they do."""


@pytest.mark.clause("L1.13")
def test_a_rule_violation_is_a_page_with_its_clause(client: Client) -> None:
    response = client.get("/refused/rule/")
    assert response.status_code == 409
    text = response.content.decode()
    assert "A quorum is needed. Wait until four members are present." in text
    assert "L1.13</a>" in text
    assert "Nothing was changed." in text


def test_it_leads_back_to_a_page_of_ours_only(client: Client) -> None:
    ours = client.get("/refused/rule/", headers={"referer": "http://testserver/meetings/3/"})
    theirs = client.get("/refused/rule/", headers={"referer": "https://evil.example/meetings/3/"})
    assert 'href="http://testserver/meetings/3/">Go back' in ours.content.decode()
    assert 'href="/">Go back' in theirs.content.decode()


@pytest.mark.clause("L1.13")
def test_no_right_is_said_with_its_clause(client: Client) -> None:
    response = client.get("/refused/office/")
    assert response.status_code == 403
    assert "Only the Chair opens a vote." in response.content.decode()


def test_what_is_hidden_looks_like_what_is_not_there(client: Client) -> None:
    hidden = client.get("/refused/office/?hidden")
    absent = client.get("/there-is-nothing/")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert b"Chair" not in hidden.content


def test_a_fault_shows_no_detail(client: Client) -> None:
    response = client.get("/refused/fault/")
    assert response.status_code == 500
    assert "Sorry, there is a problem" in response.content.decode()
    assert b"secret word" not in response.content


def test_a_form_without_its_token_can_be_sent_again() -> None:
    response = Client(enforce_csrf_checks=True).post("/refused/form/")
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_a_wrong_host_is_a_bad_request(client: Client) -> None:
    response = client.get("/components/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "The request could not be read" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/api/rule/", 409, "A quorum is needed. Wait until four members are present. (L1.13)\n"),
        ("/api/office/", 403, "Only the Chair opens a vote. (L1.13)\n"),
        ("/api/office/?hidden", 404, "There is no page here that you can see.\n"),
        ("/api/there-is-nothing/", 404, "There is no page here that you can see.\n"),
    ],
)
def test_programs_get_a_line_of_text(client: Client, path: str, status: int, text: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content.decode()) == (status, text)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_who_accepts_json_gets_problem_details(client: Client) -> None:
    response = client.get("/refused/rule/", headers={"accept": "application/json"})
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "title": "Conflict",
        "status": 409,
        "detail": "A quorum is needed. Wait until four members are present.",
        "clause": "L1.13",
    }


@pytest.mark.parametrize(
    "path",
    ["/components/", "/refused/rule/", "/refused/office/", "/nothing/", "/refused/fault/", "/api/rule/"],
)
def test_the_content_security_policy_is_on_every_answer(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


@pytest.mark.parametrize("path", ["/components/", "/refused/rule/", "/refused/fault/", "/how-this-works/"])
def test_pages_hold_nothing_that_the_policy_forbids(client: Client, path: str) -> None:
    text = client.get(path).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|javascript:", text)
    assert 'lang="en-GB"' in text


def test_the_title_says_that_there_are_errors(client: Client) -> None:
    assert "<title>All components – SMKI PMA</title>" in client.get("/components/").content.decode()
    assert "<title>Error: All components" in client.post("/components/", {"name": ""}).content.decode()


def test_the_band_of_the_sample_community(client: Client, settings: pytest.FixtureRequest) -> None:
    assert b"Sample community" in client.get("/components/").content
    settings.SMKI_SAMPLE_COMMUNITY = False  # type: ignore[attr-defined]
    assert b"Sample community" not in client.get("/components/").content


@pytest.mark.parametrize("path", ["/how-this-works/", "/accessibility/", "/privacy/"])
def test_pages_about_the_service_are_public(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert client.post(path).status_code == 405

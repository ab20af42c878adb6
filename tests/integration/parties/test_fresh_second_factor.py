"""A ballot, the opening and the closing of a vote ask for a second factor that was given minutes ago."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from smki_pma.governance.meetings.models import Ballot, Vote
from tests.community import Community
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, open_vote

CONFIRM = "/accounts/2fa/reauthenticate/"


@pytest.fixture
def vote(community: Community) -> Vote:
    return open_vote(CHAIR, LARGE_1, LARGE_2, SMALL)[1]


@pytest.fixture
def member(community: Community, settings: Any) -> Client:
    """A member signed in where a second factor is required, with an app and recovery codes."""
    settings.SMKI_MFA_REQUIRED = True
    person = community.person(LARGE_2)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    return community.client(LARGE_2)


def give_factor(client: Client, community: Community, *, seconds_ago: float, method: str = "mfa") -> None:
    """As allauth keeps it in the session."""
    session = client.session
    session["account_authentication_methods_user"] = str(community.person(LARGE_2).pk)
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - seconds_ago}]
    session.save()


def cast(client: Client, vote: Vote) -> Any:
    client.post(reverse("meetings:answer_conflict", args=[vote.pk]), {"interest": "no"})
    page = client.get(reverse("meetings:cast_ballot", args=[vote.pk])).content.decode()
    opening = re.search(r'name="opening" value="([0-9a-f]{64})"', page)
    assert opening
    answer = {"position": "for", "reason": "Because", "opening": opening[1]}
    return client.post(reverse("meetings:cast_ballot", args=[vote.pk]), {"step": "cast"} | answer)


@pytest.mark.clause("L1.15")
def test_a_fresh_second_factor_is_enough(vote: Vote, member: Client, community: Community) -> None:
    give_factor(member, community, seconds_ago=60)
    assert cast(member, vote).headers["Location"] == reverse("meetings:show_receipt", args=[vote.pk])
    assert Ballot.objects.filter(vote=vote).count() == 1


@pytest.mark.clause("L1.15")
@pytest.mark.parametrize(("method", "seconds_ago"), [("mfa", 3600), ("password", 1)])
def test_an_old_factor_or_a_password_is_not(
    vote: Vote, member: Client, community: Community, method: str, seconds_ago: int
) -> None:
    give_factor(member, community, seconds_ago=seconds_ago, method=method)
    asked = cast(member, vote)
    assert asked.headers["Location"].startswith(CONFIRM)
    assert not Ballot.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.15")
def test_the_ballot_is_carried_on_once_the_factor_is_given(
    vote: Vote, member: Client, community: Community
) -> None:
    give_factor(member, community, seconds_ago=3600)
    asked = cast(member, vote).headers["Location"]
    wrong = member.post(asked, {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert not Ballot.objects.filter(vote=vote).exists()
    code = RecoveryCodes.activate(community.person(LARGE_2)).get_unused_codes()[0]
    next_page = reverse("meetings:cast_ballot", args=[vote.pk])
    done = member.post(asked.split("?")[0], {"code": code, "next": next_page})
    assert done.headers["Location"] == reverse("meetings:show_receipt", args=[vote.pk])
    assert Ballot.objects.get(vote=vote).reason == "Because"


def test_opening_and_closing_a_vote_ask_too(vote: Vote, community: Community, settings: Any) -> None:
    settings.SMKI_MFA_REQUIRED = True
    TOTP.activate(community.person(CHAIR), "JBSWY3DPEHPK3PXP")
    chair = community.client(CHAIR)
    asked = chair.post(reverse("meetings:close_vote", args=[vote.pk]))
    assert asked.headers["Location"].startswith(CONFIRM)
    vote.refresh_from_db()
    assert vote.is_open
    asked = chair.post(reverse("meetings:open_vote", args=[vote.pk]), {"asked": "on"})
    assert asked.headers["Location"].startswith(CONFIRM)

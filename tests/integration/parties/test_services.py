"""Entering people, organisations and Parties, and giving and ending offices."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smki_pma.clauses import NotEntitled, Refusal, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import Entry
from smki_pma.parties import services
from smki_pma.parties.appointments import appoint, end_holding
from smki_pma.parties.models import Holding, Organisation, Party, Person, VotingGroup
from smki_pma.parties.roles import Role
from tests.community import Community

READERS_ONLY = ("auditor", "assurance_provider", "pma_chair", "smki_specialist")


def entries() -> int:
    return Entry.objects.count()


def aldermoor() -> Party:
    return Party.objects.get(organisation__name__startswith="Aldermoor Energy")


def test_a_person_is_entered_once_whatever_the_letters(community: Community) -> None:
    before = entries()
    by = community.actor("secretariat")
    person = services.add_person(email="New.Person@Example.org", name=" New Person ", by=by)
    assert (person.email, person.name) == ("new.person@example.org", "New Person")
    assert not person.has_usable_password()
    assert entries() == before + 1
    with pytest.raises(RuleViolation, match="entered already"):
        services.add_person(email="NEW.person@example.ORG", name="Again", by=by)
    assert entries() == before + 1


def test_a_wrong_address_is_corrected_until_the_invitation_is_accepted(
    community: Community, run_jobs: Any, mailoutbox: list[Any], client: Client
) -> None:
    clerk = community.client("secretariat")
    person = services.add_person(email="wrong@example.org", name="New", by=community.actor("secretariat"))
    run_jobs()
    before = entries()
    page = reverse("parties:correct_person", args=[person.pk])
    taken = {"name": "New", "email": community.person("auditor").email, "employer": ""}
    assert clerk.post(page, taken).status_code == 422
    assert clerk.post(page, taken | {"email": "Right@Example.org"}).status_code == 302
    run_jobs()
    assert entries() == before + 1
    sent = {message.to[0]: message.body for message in mailoutbox if "set your password" in message.subject}

    def opens(address: str) -> bool:
        link = re.search(r"https?://[^/]+(/\S+)", sent[address])
        assert link is not None
        return b"password1" in client.get(link.group(1), follow=True).content

    assert not opens("wrong@example.org") and opens("right@example.org")

    person.refresh_from_db()
    person.set_password("correct horse battery staple")
    person.save()
    assert b'name="email"' not in clerk.get(page).content
    with pytest.raises(RuleViolation, match="accepted the invitation") as refused:
        services.correct_person(
            person_id=person.pk,
            name="New",
            employer_id=None,
            email="x@y.example",
            by=community.actor("secretariat"),
        )
    assert refused.value.field == "email"


@pytest.mark.parametrize("persona", READERS_ONLY)
def test_others_enter_nobody(persona: str, community: Community) -> None:
    before = entries()
    with pytest.raises(NotEntitled):
        services.add_person(email="x@example.org", name="X", by=community.actor(persona))
    assert entries() == before
    assert not Person.objects.filter(email="x@example.org").exists()


def test_a_false_claim_to_an_office_is_refused(community: Community) -> None:
    auditor = community.person("auditor")
    claim = Actor(
        person_id=auditor.pk,
        name=auditor.name,
        role=Role.SECRETARIAT,
        holding_id=Holding.objects.get(person=auditor).pk,
    )
    with pytest.raises(NotEntitled):
        services.add_person(email="x@example.org", name="X", by=claim)


@pytest.mark.clause("L1.12(c)")
def test_a_group_has_no_circle(community: Community) -> None:
    parent = Organisation.objects.get(name="Aldermoor Holdings plc")
    child = Organisation.objects.get(name__startswith="Aldermoor Energy")
    by = community.actor("secretariat")
    with pytest.raises(RuleViolation, match="own subsidiary"):
        services.regroup_organisation(organisation_id=parent.pk, parent_id=child.pk, by=by)
    assert child.is_affiliate_of(parent)


@pytest.mark.clause("L1.9")
def test_a_voting_group_is_of_one_category_and_of_affiliates(community: Community) -> None:
    by = community.actor("code_administrator")
    kind = services.record_organisation(name="Aldermoor Local Limited", by=by)
    electricity = VotingGroup.objects.get(name="Fenwick (electricity)")
    suppliers = VotingGroup.objects.get(name="Aldermoor (suppliers)")
    enter: dict[str, Any] = {"organisation_id": kind.pk, "category": "large_supplier", "by": by}
    with pytest.raises(RuleViolation, match="another category"):
        services.record_party(**enter, voting_group_id=electricity.pk)
    with pytest.raises(RuleViolation, match="another corporate group"):
        services.record_party(**enter, voting_group_id=suppliers.pk)
    parent = Organisation.objects.get(name="Aldermoor Holdings plc")
    services.regroup_organisation(organisation_id=kind.pk, parent_id=parent.pk, by=by)
    party = services.record_party(**enter, voting_group_id=suppliers.pk)
    assert party.voting_group == suppliers


@pytest.mark.clause("L1.9", "L1.12(c)")
def test_a_voting_group_is_of_affiliates_after_a_regrouping_too(community: Community) -> None:
    by = community.actor("secretariat")
    parent = Organisation.objects.get(name="Aldermoor Holdings plc")
    suppliers = VotingGroup.objects.get(name="Aldermoor (suppliers)")
    other = services.record_organisation(name="Aldermoor Local Limited", parent_id=parent.pk, by=by)
    party = services.record_party(
        organisation_id=other.pk, category="large_supplier", voting_group_id=suppliers.pk, by=by
    )
    before = entries()
    for leaves in (other.pk, aldermoor().organisation_id):
        with pytest.raises(RuleViolation, match=r"Aldermoor \(suppliers\)") as refused:
            services.regroup_organisation(organisation_id=leaves, parent_id=None, by=by)
        assert (refused.value.clause.id, refused.value.field) == ("L1.9", "parent")
    assert entries() == before
    assert other.is_affiliate_of(aldermoor().organisation)

    owner = services.record_organisation(name="Aldermoor International", by=by)
    services.regroup_organisation(organisation_id=parent.pk, parent_id=owner.pk, by=by)
    services.reclassify_party(party_id=party.pk, category="large_supplier", voting_group_id=None, by=by)
    services.regroup_organisation(organisation_id=other.pk, parent_id=None, by=by)
    assert list(suppliers.parties.all()) == [aldermoor()]


def test_there_is_one_dcc(community: Community) -> None:
    by = community.actor("secretariat")
    other = services.record_organisation(name="Another DCC", by=by)
    with pytest.raises(RuleViolation, match="one DCC"):
        services.record_party(organisation_id=other.pk, category="dcc", by=by)
    with pytest.raises(RuleViolation, match="stands apart"):
        services.reclassify_party(party_id=aldermoor().pk, category="dcc", voting_group_id=None, by=by)


def test_an_office_is_given_and_ended_each_with_one_entry(community: Community) -> None:
    by = community.actor("party_officer", clause="L3.2")
    person = services.add_person(email="second@aldermoor.example", name="Second Officer", by=by)
    before = entries()
    given = appoint(office_key="party-officer", person_id=person.pk, party_id=aldermoor().pk, by=by)
    assert entries() == before + 1
    assert given.appointed_by == "Aldermoor Energy Supply Limited"
    ended = end_holding(holding_id=given.pk, reason="Moved on", by=by)
    assert entries() == before + 2
    assert ended.ends_at is not None
    assert end_holding(holding_id=given.pk, reason="Again", by=by).ended_reason == "Moved on"
    assert entries() == before + 2


def test_a_party_nominates_for_itself_alone(community: Community) -> None:
    by = community.actor("party_officer", clause="L3.2")
    other = Party.objects.get(organisation__name__startswith="Brightwater Energy")
    person = services.add_person(email="second@aldermoor.example", name="Second Officer", by=by)
    before = entries()
    with pytest.raises(NotEntitled, match="own Party only"):
        appoint(office_key="party-officer", person_id=person.pk, party_id=other.pk, by=by)
    with pytest.raises(NotEntitled, match="own Party only"):
        end_holding(
            holding_id=Holding.objects.get(party=other, office__key="party-officer").pk, reason="x", by=by
        )
    assert entries() == before


def test_nobody_gives_an_office_to_himself_or_herself(community: Community) -> None:
    by = community.actor("panel_officer")
    with pytest.raises(NotEntitled, match="himself or herself"):
        appoint(office_key="auditor", person_id=community.person("panel_officer").pk, by=by)


def test_a_single_post_has_one_holder(community: Community) -> None:
    by = community.actor("secretariat")
    with pytest.raises(RuleViolation, match="End the present holding"):
        appoint(office_key="smki-specialist", person_id=community.person("auditor").pk, by=by)


@pytest.mark.clause("L1.3")
@pytest.mark.parametrize("key", ["chair", "network", "alternate"])
def test_seats_are_not_given_here(key: str, community: Community) -> None:
    for by in (community.actor("secretariat"), Actor.owner("the test")):
        with pytest.raises(Refusal):
            appoint(office_key=key, person_id=community.person("auditor").pk, by=by)


def test_the_tests_of_a_party_are_confirmed_once_for_each_purpose(community: Community) -> None:
    party = Party.objects.get(organisation__name__startswith="Hollin")
    by = community.actor("dcc_ra_officer", clause="L7.7")
    before = entries()
    services.record_tests_confirmed(party_id=party.pk, purpose="device", by=by)
    party.refresh_from_db()
    assert party.device_tests_confirmed_at is not None
    assert party.repository_tests_confirmed_at is None
    services.record_tests_confirmed(party_id=party.pk, purpose="device", by=by)
    assert entries() == before + 1
    with pytest.raises(NotEntitled):
        services.record_tests_confirmed(
            party_id=party.pk, purpose="repository", by=community.actor("secretariat")
        )

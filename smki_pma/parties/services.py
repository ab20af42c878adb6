"""The acts that enter people, organisations and Parties."""

from datetime import datetime
from uuid import UUID, uuid4

from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties.authority import require
from smki_pma.parties.models import Organisation, Party, PartyCategory, Person, VotingGroup
from smki_pma.parties.roles import DCC_STAFF, Role
from smki_pma.parties.rules import compute_line

TEST_PURPOSES = ("device", "organisation", "repository")
CLERKS = (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR, "owner")


@service
def add_person(
    *, email: str, name: str, by: Actor, employer_id: UUID | None = None, invite: bool = True
) -> Person:
    """Enter a person, who may then be given an office, and send an invitation to set a password (L1.4).

    A Party's officer and DCC's document owner enter people too, so as to nominate them.
    """
    require(by, *CLERKS, Role.PARTY_OFFICER, Role.DCC_DOCUMENT_OWNER, Role.PANEL_OFFICER, clause="L1.4")
    person = Person(email=_free_address(email), name=name.strip(), employer_id=employer_id)
    person.set_unusable_password()
    person.save()
    if invite:
        jobs.enqueue("parties.invite", {"person_id": str(person.pk)}, key=f"invite:{person.pk}")
    facts = {"name": person.name, "employer": person.employer.name if person.employer else None}
    record("person.added", clause="L1.4", by=by, subject=person, facts=facts, audience="pma")
    return person


def _free_address(email: str) -> str:
    """The address as it is kept; refused where somebody is entered with it already."""
    address = Person.objects.normalize_email(email.strip()).lower()
    if Person.objects.filter(email__iexact=address).exists():
        raise RuleViolation(
            "Somebody with this e-mail address is entered already. Give that person the office.",
            clause="L1.4",
            field="email",
        )
    return address


@service
def correct_person(
    *, person_id: UUID, name: str, employer_id: UUID | None, by: Actor, email: str | None = None
) -> Person:
    """Correct a person's name or employer; who employs whom decides who may be an Alternate (L1.12(c)).

    email: another address, while nobody has accepted the invitation; the new address is invited, and what was
    sent to the old one opens nothing any more.
    """
    require(by, *CLERKS, clause="L1.12(c)")
    person = Person.objects.select_for_update().get(pk=person_id)
    is_readdressed = email is not None and email.strip().lower() != person.email
    if (person.name, person.employer_id, is_readdressed) == (name.strip(), employer_id, False):
        return unchanged(person)
    person.name, person.employer_id = name.strip(), employer_id
    if email is not None and is_readdressed:
        _readdress(person, email)
    person.save(update_fields=["name", "employer", "email"])
    employer = Organisation.objects.get(pk=employer_id).name if employer_id else None
    facts = {"name": person.name, "employer": employer, "invited_anew": is_readdressed}
    record("person.corrected", clause="L1.12(c)", by=by, subject=person, facts=facts, audience="pma")
    return person


def _readdress(person: Person, email: str) -> None:
    if person.has_accepted:
        raise RuleViolation(
            "This person has accepted the invitation and signs in with this address. It stays.",
            clause="L1.4",
            field="email",
        )
    person.email = _free_address(email)
    jobs.enqueue("parties.invite", {"person_id": str(person.pk)}, key=f"invite:{person.pk}:{uuid4()}")


@service
def record_organisation(*, name: str, by: Actor, parent_id: UUID | None = None) -> Organisation:
    """Enter a body that employs people, Party or not, in its corporate group (L1.12(c))."""
    require(by, *CLERKS, clause="L1.12(c)")
    if Organisation.objects.filter(name__iexact=name.strip()).exists():
        raise RuleViolation(
            "An organisation of this name is entered already.", clause="L1.12(c)", field="name"
        )
    organisation = Organisation(name=name.strip(), parent_id=parent_id)
    organisation.save()
    facts = {"name": organisation.name, "parent": organisation.parent.name if organisation.parent else None}
    record(
        "organisation.recorded",
        clause="L1.12(c)",
        by=by,
        subject=organisation,
        facts=facts,
        audience="parties",
    )
    return organisation


@service
def regroup_organisation(*, organisation_id: UUID, parent_id: UUID | None, by: Actor) -> Organisation:
    """Change an organisation's parent: Affiliates follow from it (L1.12(c)), and Voting Groups must fit them (L1.9)."""
    require(by, *CLERKS, clause="L1.12(c)")
    parents = _lock_corporate_groups()
    organisation = Organisation.objects.get(pk=organisation_id)
    if organisation.parent_id == parent_id:
        return unchanged(organisation)
    parent = Organisation.objects.get(pk=parent_id) if parent_id else None
    if parent is not None and organisation.pk in compute_line(parent.pk, parents):
        raise RuleViolation(
            "An organisation cannot be its own parent, nor belong to its own subsidiary.",
            clause="L1.12(c)",
            field="parent",
        )
    _check_voting_groups(organisation, parents | {organisation.pk: parent_id})
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    facts = {"name": organisation.name, "parent": parent.name if parent else None}
    record(
        "organisation.regrouped",
        clause="L1.12(c)",
        by=by,
        subject=organisation,
        facts=facts,
        audience="parties",
    )
    return organisation


def _lock_corporate_groups() -> dict[UUID, UUID | None]:
    """Each organisation's parent, locked: what two acts find at once can make a circle or split a Voting Group."""
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def _check_voting_groups(moved: Organisation, parents: dict[UUID, UUID | None]) -> None:
    """A Voting Group is a Party with its Affiliates, also after one of them has moved (L1.9)."""
    lines: dict[str, list[list[UUID]]] = {}
    grouped = Party.objects.filter(voting_group__isnull=False).order_by("voting_group__name")
    for name, organisation_id in grouped.values_list("voting_group__name", "organisation_id"):
        lines.setdefault(name, []).append(compute_line(organisation_id, parents))
    split = [
        name
        for name, found in lines.items()
        if any(moved.pk in line for line in found) and len({line[-1] for line in found}) > 1
    ]
    if split:
        raise RuleViolation(
            f"This would leave Parties that are not Affiliates in one Voting Group: {', '.join(split)}. "
            "Change the Voting Group of the Parties that leave it first.",
            clause="L1.9",
            field="parent",
        )


@service
def record_voting_group(*, name: str, category: str, by: Actor) -> VotingGroup:
    """Enter a Voting Group of one category: a Party with its Affiliates, one vote (L1.9)."""
    require(by, *CLERKS, clause="L1.9")
    if VotingGroup.objects.filter(name__iexact=name.strip()).exists():
        raise RuleViolation("A Voting Group of this name is entered already.", clause="L1.9", field="name")
    group = VotingGroup(name=name.strip(), category=category)
    group.save()
    facts = {"name": group.name, "category": category}
    record("voting_group.recorded", clause="L1.9", by=by, subject=group, facts=facts, audience="parties")
    return group


@service
def record_party(
    *, organisation_id: UUID, category: str, by: Actor, voting_group_id: UUID | None = None
) -> Party:
    """Enter an organisation as a Party of one category, in its Voting Group (L1.7, L1.9)."""
    require(by, *CLERKS, clause="L1.9")
    _lock_corporate_groups()
    organisation = Organisation.objects.get(pk=organisation_id)
    if Party.objects.filter(organisation=organisation).exists():
        raise RuleViolation(f"{organisation} is a Party already.", clause="L1.9", field="organisation")
    if category == PartyCategory.DCC and Party.objects.filter(category=PartyCategory.DCC).exists():
        raise RuleViolation("DCC is entered already; there is one DCC.", clause="L3.1", field="category")
    group = _voting_group_for(organisation, category, voting_group_id)
    party = Party(organisation=organisation, category=category, voting_group=group)
    party.save()
    record("party.recorded", clause="L1.9", by=by, subject=party, facts=_facts_of(party), audience="parties")
    return party


@service
def reclassify_party(*, party_id: UUID, category: str, voting_group_id: UUID | None, by: Actor) -> Party:
    """Change a Party's category or Voting Group; past rolls keep what they froze (L1.7(a), L1.9)."""
    require(by, *CLERKS, clause="L1.9")
    _lock_corporate_groups()
    party = Party.objects.select_for_update().get(pk=party_id)
    if (party.category, party.voting_group_id) == (category, voting_group_id):
        return unchanged(party)
    if party.is_dcc != (category == PartyCategory.DCC):
        raise RuleViolation(
            "DCC stands apart: no Party becomes DCC, and DCC no other.", clause="L3.1", field="category"
        )
    party.category = category
    party.voting_group = _voting_group_for(party.organisation, category, voting_group_id)
    party.save(update_fields=["category", "voting_group"])
    facts = _facts_of(party)
    record("party.reclassified", clause="L1.9", by=by, subject=party, facts=facts, audience="parties")
    return party


@service
def record_tests_confirmed(*, party_id: UUID, purpose: str, by: Actor, at: datetime | None = None) -> Party:
    """Record that a Party received DCC's confirmation of the completed entry tests, for one purpose (L7.7).

    purpose: "device" or "organisation" (applying to subscribe, L7.1(a)) or "repository" (reading, L7.1(b)).
    """
    require(by, *DCC_STAFF, "owner", clause="L7.7")
    if purpose not in TEST_PURPOSES:
        raise RuleViolation("Choose what the tests were for.", clause="L7.1", field="purpose")
    party = Party.objects.select_for_update().get(pk=party_id)
    column = f"{purpose}_tests_confirmed_at"
    if getattr(party, column) is not None:
        return unchanged(party)
    confirmed_at = at or clock.now()
    setattr(party, column, confirmed_at)
    party.save(update_fields=[column])
    facts = {"name": str(party), "purpose": purpose, "confirmed_at": confirmed_at}
    record("entry_tests.confirmed", clause="L7.7", by=by, subject=party, facts=facts, audience="parties")
    return party


def _facts_of(party: Party) -> dict[str, object]:
    return {
        "name": party.organisation.name,
        "category": party.category,
        "voting_group": party.voting_group.name if party.voting_group else None,
    }


def _voting_group_for(
    organisation: Organisation, category: str, voting_group_id: UUID | None
) -> VotingGroup | None:
    """The Voting Group named, if it is of the category and holds Affiliates only (L1.9)."""
    if voting_group_id is None:
        return None
    group = VotingGroup.objects.get(pk=voting_group_id)
    if group.category != category:
        raise RuleViolation(
            f"The Voting Group {group} is for another category of Party.", clause="L1.9", field="voting_group"
        )
    others = [party.organisation for party in group.parties.select_related("organisation__parent")]
    if any(not organisation.is_affiliate_of(other) for other in others):
        raise RuleViolation(
            f"The Voting Group {group} holds Parties of another corporate group. "
            "A Voting Group is a Party with its Affiliates.",
            clause="L1.9",
            field="voting_group",
        )
    return group

"""A few people in office, built row by row for tests of one room."""

from datetime import UTC, datetime

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Holding, Office, Organisation, Party, Person
from smki_pma.parties.roles import Role

SINCE = datetime(2026, 1, 5, tzinfo=UTC)


def organisation(name: str) -> Organisation:
    """An organisation of that name, made once."""
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        found = Organisation(name=name)
        with writing_for_tests():
            found.save()
    return found


def party(name: str, category: str = "large_supplier", *, tests_confirmed: bool = True) -> Party:
    """A Party of that name, made once; its repository entry tests are complete unless told otherwise."""
    found = Party.objects.filter(organisation__name=name).first()
    if found is None:
        found = Party(
            organisation=organisation(name),
            category=category,
            repository_tests_confirmed_at=SINCE if tests_confirmed else None,
        )
        with writing_for_tests():
            found.save()
    return found


def person_in(
    office_key: str, name: str, *, for_party: Party | None = None, for_holding: Holding | None = None
) -> Person:
    """A person who holds that office now."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    person = Person.objects.create(email=email, name=name)
    office = Office.objects.get(key=office_key)
    holding = Holding(
        office=office,
        person=person,
        party=for_party,
        for_holding=for_holding,
        starts_at=SINCE,
        confirmed_at=SINCE,
        appointed_by="the test",
        is_single=office.single,
        is_seat=bool(office.seat_kind),
    )
    with writing_for_tests():
        holding.save()
    return person


def actor(person: Person, role: Role) -> Actor:
    """The Actor of a person in a role."""
    return acting_as(person, role, clause="L1.1")


def everybody() -> dict[str, Person]:
    """One person for each role, keyed by the role's value; "party_untested" waits for its entry tests."""
    dcc = party("DCC", "dcc", tests_confirmed=False)
    people = {
        "pma_chair": person_in("chair", "Chair Person"),
        "pma_member": person_in("network", "Nora Network"),
        "smki_specialist": person_in("smki-specialist", "Sam Specialist"),
        "secretariat": person_in("secretariat", "Sue Secretary"),
        "code_administrator": person_in("code-administrator", "Carl Administrator"),
        "panel_officer": person_in("panel-officer", "Pat Panel"),
        "dcc_document_owner": person_in("dcc-document-owner", "Dora Owner", for_party=dcc),
        "dcc_ra_officer": person_in("dcc-ra-officer", "Rob Registrar", for_party=dcc),
        "dcc_ca_operator": person_in("dcc-ca-operator", "Olga Operator", for_party=dcc),
        "party_officer": person_in("party-officer", "Peter Party", for_party=party("Bright Energy")),
        "party_untested": person_in(
            "party-officer", "Una Untested", for_party=party("New Energy", tests_confirmed=False)
        ),
        "assurance_provider": person_in("assurance-provider", "Abe Assurance"),
        "auditor": person_in("auditor", "Ada Auditor"),
        "nobody": Person.objects.create(email="nobody@example.org", name="No Body"),
    }
    seat = Holding.objects.get(person=people["pma_member"])
    people["alternate"] = person_in("alternate", "Alan Alternate", for_holding=seat)
    return people

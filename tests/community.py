"""The sample community for tests: entered once per module, undone at its end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from smki_pma.website.community.load import load_community

# One person for each role, and an officer of a Party that is no subscriber and has done no tests.
PERSONAS = {
    "pma_chair": "margaret.ashdown@chair.example",
    "pma_member": "priya.nair@brightwater.example",
    "alternate": "ruth.ellison@cairnside.example",
    "smki_specialist": "samir.haddad@pennant.example",
    "secretariat": "joanna.birch@larkfield.example",
    "code_administrator": "alice.thornbury@larkfield.example",
    "panel_officer": "victor.langley@panel.example",
    "dcc_document_owner": "nadia.rahman@dcc.example",
    "dcc_ra_officer": "colin.baxter@dcc.example",
    "dcc_ca_operator": "ian.sutcliffe@dcc.example",
    "party_officer": "simon.hale@aldermoor.example",
    "other_party_officer": "grace.udo@hollin.example",
    "assurance_provider": "kate.winslade@kestrel.example",
    "auditor": "philip.orme@orme.example",
}


class Community:
    """Finds people of the sample community and signs them in."""

    def person(self, persona: str) -> Person:
        """Somebody by persona ("secretariat") or e-mail address."""
        return Person.objects.get(email=PERSONAS.get(persona, persona))

    def actor(self, persona: str, role: Role | None = None, clause: str = "L1.3") -> Actor:
        """Somebody in an office: of the role that the persona is named after, if none is given."""
        return acting_as(self.person(persona), role or Role(persona), clause=clause)

    def client(self, persona: str, **options: Any) -> Client:
        """A browser signed in as somebody, which shows refusals as pages."""
        client = Client(raise_request_exception=False, **options)
        client.force_login(
            self.person(persona), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client


@pytest.fixture(scope="module")
def _community_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment, django_db_blocker.unblock():
        # As the process that loads the community has it, so that its Authorities are made.
        environment.setenv("SMKI_CA_PASSPHRASE", "the passphrase of the sample community")
        everything = transaction.atomic()
        everything.__enter__()
        load_community()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture
def community(_community_rows: None, db: None) -> Community:
    """The sample community. Not for tests that flush the database (transactional_db)."""
    return Community()

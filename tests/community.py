"""The sample community for tests: entered once, undone before the first test with a database that does not use it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import blocking_manager_key

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


class _Kept:
    """The community stays entered from one test that uses it to the next, in one open transaction."""

    def __init__(self) -> None:
        self.transaction: Any = None

    def enter(self) -> None:
        if self.transaction is not None:
            return
        with pytest.MonkeyPatch.context() as environment:
            # As the process that loads the community has it, so that its Authorities are made.
            environment.setenv("SMKI_CA_PASSPHRASE", "the passphrase of the sample community")
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            load_community()

    def undo(self) -> None:
        if self.transaction is None:
            return
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.transaction = None


_kept = _Kept()


@pytest.fixture(scope="session")
def _nothing_left_open(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        _kept.undo()


@pytest.fixture(scope="module")
def _community_rows(_nothing_left_open: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _kept.enter()


def _uses(item: pytest.Item) -> bool:
    return "community" in getattr(item, "fixturenames", ())


def _reads_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return "django_db_setup" in fixtures or item.get_closest_marker("django_db") is not None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that reads the database but does not use the community finds it empty."""
    if not _uses(item) and _reads_the_database(item):
        with item.config.stash[blocking_manager_key].unblock():
            _kept.undo()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the community come first, module by module, so that it is entered once."""
    modules = list(dict.fromkeys(item.path for item in items))
    using = {item.path for item in items if _uses(item)}
    items.sort(key=lambda item: (item.path not in using, modules.index(item.path), not _uses(item)))


@pytest.fixture
def community(_community_rows: None, db: None) -> Community:
    """The sample community. Not for tests that flush the database (transactional_db)."""
    return Community()

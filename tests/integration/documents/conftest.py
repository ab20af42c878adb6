"""People, files and lodged versions for the documents room."""

from datetime import date

import pytest

from repository.documents import services
from repository.documents.manifest_keys import private_key
from smki_pma.files.receiving import receive
from smki_pma.parties.roles import Role
from tests.samples import office_files
from tests.samples.community import actor, everybody


@pytest.fixture
def people(db):
    return everybody()


@pytest.fixture(autouse=True)
def manifest_key(settings, tmp_path):
    settings.SMKI_MANIFEST_KEY_DIR = tmp_path / "manifest-key"
    return private_key()


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    files = {**settings.STORAGES["files"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return tmp_path / "files"


@pytest.fixture
def lodge(people):
    """Lodge a version: `lodge(kind, *paragraphs, role=..., **arguments)`."""

    def run(kind="device_cp", *paragraphs, role=Role.DCC_DOCUMENT_OWNER, **arguments):
        by = actor(people[role.value], role)
        purpose = "services" if role is Role.DCC_DOCUMENT_OWNER else "pma_functions"
        file = receive(office_files.docx(*(paragraphs or ("Text.",))))
        arguments = {"purpose": purpose, "dated_on": date(2026, 11, 1), "by": by, **arguments}
        return services.lodge_document(kind=kind, file=file, **arguments)

    return run


@pytest.fixture
def reads(client, people):
    """Sign somebody in who has given a purpose: `reads("party_officer")` gives the client."""

    def run(role, purpose="Checking our Certificates", key=None):
        client.force_login(people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get("/repository/documents/purpose/")
        choices = page.context["form"].fields["key"].choices
        client.post("/repository/documents/purpose/", {"key": key or choices[0][0], "purpose": purpose})
        return client

    return run

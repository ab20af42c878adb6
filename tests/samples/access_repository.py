"""A CPS draft, a review and a lodged version of the sample community, for the access matrix."""

from uuid import UUID

from repository.documents.models import Version
from repository.drafts.models import Draft, Review
from repository.drafts.rules import Checklist
from repository.drafts.services import require_review, submit_draft
from smki_pma.files.receiving import receive
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from tests.samples import office_files
from tests.samples.cps import pma


def draft_id() -> UUID:
    """An initial draft of the Device CPS, submitted by DCC."""
    found = Draft.objects.first()
    if found is None:
        owner = Person.objects.get(email="nadia.rahman@dcc.example")
        found = submit_draft(
            cps="device",
            file=receive(office_files.odt("Sample.")),
            checklist=Checklist(where_policies="1", where_procedures="2", where_other="3"),
            by=acting_as(owner, Role.DCC_DOCUMENT_OWNER, clause="L9.9(a)"),
        )
    return found.pk


def review_id() -> UUID:
    """A review of the Device CPS that the PMA requires."""
    found = Review.objects.first()
    if found is None:
        found = require_review(subject_id=None, parameters={"cps": "device", "scope": "All"}, by=pma())
    return found.pk


def version_id() -> UUID:
    """The version that the sample community has lodged."""
    return Version.objects.get().pk

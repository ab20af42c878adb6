"""What was submitted, proposed and decided stays as it was. L9.9, L9.11"""

from repository.drafts.models import Amendment, CpsVersion, Draft, Revision
from smki_pma.ledger.guards import append_only, frozen

SUBMITTED_AS = (
    "id",
    "cps",
    "origin",
    "number",
    "submitted_at",
    "submitted_by",
    "where_policies",
    "where_procedures",
    "where_other",
    "review_outcome",
    "base",
)
PROPOSED_AS = ("id", "draft", "number", "place", "text", "reason", "proposed_at", "proposed_by")

append_only(Revision)
frozen(Draft, columns=SUBMITTED_AS, name="submitted")
frozen(Amendment, columns=PROPOSED_AS, name="proposed")
frozen(Amendment, columns=["decided_ref", "decided_at"], when="OLD.decided_ref <> ''", name="decided")
frozen(
    CpsVersion,
    columns=[field.name for field in CpsVersion._meta.concrete_fields if field.name != "state"],
    name="became",
)

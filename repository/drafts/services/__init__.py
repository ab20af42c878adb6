"""What changes a draft, an amendment or a version of a CPS, and what lets somebody read one."""

from repository.drafts.services.becoming import approve_draft
from repository.drafts.services.checking import confirm_amendments, return_amendments
from repository.drafts.services.directing import approve_amendment, direct_amendments, refuse_amendment
from repository.drafts.services.keeping import report_damage
from repository.drafts.services.making import answer_amendments
from repository.drafts.services.proposing import propose_amendment
from repository.drafts.services.reading import grant_reading, read_draft, read_file, revoke_reading
from repository.drafts.services.reviewing import complete_review, require_review
from repository.drafts.services.submitting import propose_later_amendments, submit_draft
from repository.drafts.services.withdrawing import withdraw_draft

__all__ = [
    "answer_amendments",
    "approve_amendment",
    "approve_draft",
    "complete_review",
    "confirm_amendments",
    "direct_amendments",
    "grant_reading",
    "propose_amendment",
    "propose_later_amendments",
    "read_draft",
    "read_file",
    "refuse_amendment",
    "report_damage",
    "require_review",
    "return_amendments",
    "revoke_reading",
    "submit_draft",
    "withdraw_draft",
]

"""The story of a CPS in small steps, walked through the services."""

from uuid import uuid4

from repository.drafts import services
from repository.drafts.rules import Checklist
from repository.drafts.services.submitting import ProposedAmendment
from smki_pma.files.receiving import receive
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from tests.samples import office_files
from tests.samples.community import actor

CHECKLIST = Checklist(where_policies="Section 1", where_procedures="Section 2", where_other="Annex A")
FIRST = ("Keys are held for ten years.", "Custodians are two.", "The room is locked.")
LATER = ProposedAmendment(place="Section 2", text="Custodians are four.", reason="Growth")


def pma(reference: str = "PMA-2026-11/01") -> Actor:
    """The PMA as a body, by a resolution of that reference."""
    chair = Actor(person_id=None, name="Chair Person", role="pma_chair")
    return Actor.pma(uuid4(), reference, chair)


class Story:
    """Each method is one step by the person whose it is."""

    def __init__(self, people, cps="device"):
        self.people, self.cps = people, cps
        self.dcc = actor(people["dcc_document_owner"], Role.DCC_DOCUMENT_OWNER)
        self.member = actor(people["pma_member"], Role.PMA_MEMBER)
        self.secretariat = actor(people["secretariat"], Role.SECRETARIAT)

    def file(self, *paragraphs):
        return receive(office_files.odt(*(paragraphs or FIRST)))

    def submit(self, *paragraphs, **changes):
        arguments = {"cps": self.cps, "file": self.file(*paragraphs), "checklist": CHECKLIST, "by": self.dcc}
        return services.submit_draft(**arguments | changes)

    def propose(self, draft, place="Section 1", text="Hold keys for twelve years.", by=None):
        return services.propose_amendment(draft_id=draft.pk, place=place, text=text, by=by or self.member)

    def approve(self, draft, by=None):
        return services.approve_draft(subject_id=str(draft.pk), parameters={}, by=by or pma())

    def direct(self, draft, *amendments, by=None):
        chosen = [{"id": str(a.pk), "number": a.number, "sha256": a.text_sha256} for a in amendments]
        parameters = {"amendments": chosen}
        return services.direct_amendments(subject_id=str(draft.pk), parameters=parameters, by=by or pma())

    def answer(self, draft, *amendments, text=("Keys are held for twelve years.", *FIRST[1:]), by=None):
        return services.answer_amendments(
            draft_id=draft.pk,
            file=self.file(*text),
            statements={amendment.pk: "Page 4" for amendment in amendments},
            by=by or self.dcc,
        )

    def confirm(self, draft, *, each_made=True, nothing_else_changed=True, by=None, revision_number=None):
        return services.confirm_amendments(
            draft_id=draft.pk,
            revision_number=revision_number or draft.revisions.last().number,
            each_made=each_made,
            nothing_else_changed=nothing_else_changed,
            by=by or self.secretariat,
        )

    def send_back(self, draft, missing, other_changes="", by=None, revision_number=None):
        return services.return_amendments(
            draft_id=draft.pk,
            revision_number=revision_number or draft.revisions.last().number,
            missing=missing,
            other_changes=other_changes,
            by=by or self.secretariat,
        )

    def in_force(self):
        """Straight to a first version."""
        return self.approve(self.submit())

    def propose_later(self, *amendments, review_outcome="Reviewed in full.", by=None, **more):
        return services.propose_later_amendments(
            cps=self.cps,
            amendments=list(amendments or (LATER,)),
            review_outcome=review_outcome,
            by=by or self.dcc,
            **more,
        )

    def decide(self, draft, amendment, verb="approve", by=None, sha256=None):
        decide = services.approve_amendment if verb == "approve" else services.refuse_amendment
        parameters = {"amendment": str(amendment.pk), "sha256": sha256 or amendment.text_sha256}
        return decide(subject_id=str(draft.pk), parameters=parameters, by=by or pma("PMA-2026-12/01"))

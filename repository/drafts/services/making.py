"""DCC makes the amendments and says where. L9.9(c), L9.11(b)"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from repository.drafts.models import Draft
from repository.drafts.rules import check_all_answered, check_new_file
from repository.drafts.services import owing
from repository.drafts.services.submitting import add_revision
from repository.drafts.states import AMENDMENT, APPROVED, DIRECTED
from smki_pma.calendar import clock
from smki_pma.files.receiving import ReceivedFile
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority
from smki_pma.parties.roles import Role


@service
def answer_amendments(
    *,
    draft_id: UUID,
    file: ReceivedFile,
    statements: Mapping[UUID, str],
    by: Actor,
    at: datetime | None = None,
) -> Draft:
    """DCC uploads the amended text and says of each amendment where it was made. L9.9(c), L9.11(b)

    statements: by amendment, where in the new text it stands. None can be refused or left out.
    """
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    origin = "L9.9(c)" if draft.is_initial else "L9.11(b)"
    authority.require(by, Role.DCC_DOCUMENT_OWNER, clause=draft.cited(origin), at=at)
    move = draft.life_cycle.move("answer", state=draft.state)
    owed = list(draft.amendments.filter(state__in=[DIRECTED, APPROVED]))
    check_all_answered(
        cps=draft.kind,
        origin_clause=origin,
        owed={amendment.pk: amendment.number for amendment in owed},
        stated=statements,
    )
    check_new_file(cps=draft.kind, sha256=file.sha256, earlier=_earlier_files(draft), clause=origin)
    revision = add_revision(draft, file, by=by, at=at)
    for amendment in owed:
        amendment.state = AMENDMENT.move("state_made", state=amendment.state).target
        amendment.made_where, amendment.made_at = statements[amendment.pk].strip(), at
        amendment.missing = ""
        amendment.save()
    draft.state, draft.returned_reason = move.target, ""
    draft.save()
    owing.making_is_over(draft, at=at)
    facts = {"revision": revision.number, "sha256": revision.sha256, "amendments": len(owed)}
    record(move.event, clause=draft.cited(origin), by=by, subject=draft, facts=facts, audience="cps")
    return draft


def _earlier_files(draft: Draft) -> list[str]:
    earlier = [revision.sha256 for revision in draft.revisions.all()]
    return [*earlier, draft.base.sha256] if draft.base is not None else earlier

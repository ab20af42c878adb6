"""How a text becomes the CPS: approved as it stands, or with its amendments made. L9.9(b)-(c), L9.11(b)"""

from datetime import datetime
from typing import Any
from uuid import UUID

from repository.drafts.models import Amendment, CpsVersion, Draft, Revision
from repository.drafts.services import owing
from repository.drafts.states import AMENDMENT, IN_FORCE, PROPOSED, VERSION
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority


@service
def approve_draft(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> CpsVersion:
    """The PMA approves the initial draft, which becomes the CPS. L9.9(b)(i)"""
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=subject_id)
    cited = draft.cited("L9.9(b)(i)")
    authority.require_resolution(by, clause=cited)
    draft.state = draft.life_cycle.move("approve", state=draft.state).target
    draft.decided_ref, draft.decided_at, draft.closed_at = by.resolution_ref, at, at
    draft.save()
    leave_out(draft, Amendment.objects.filter(draft=draft, state=PROPOSED), ref=by.resolution_ref, at=at)
    version = become(draft, draft.revisions.get(number=1), ref=by.resolution_ref, at=at)
    owing.consideration_is_over(draft)
    record_version(version, draft, clause=cited, by=by)
    return version


def become(draft: Draft, revision: Revision, *, ref: str, at: datetime) -> CpsVersion:
    """Make a revision the CPS in force; the one before stays, superseded. Part of the calling act. L9.7"""
    versions = list(CpsVersion.objects.select_for_update().filter(cps=draft.cps))
    for version in versions:
        if version.state == IN_FORCE:
            version.state = VERSION.move("supersede", state=version.state).target
            version.save(update_fields=["state"])
    version = CpsVersion(
        cps=draft.cps,
        number=1 + max((version.number for version in versions), default=0),
        revision=revision,
        in_force_from_on=clock.london_date(at),
        became_at=at,
        resolution_ref=ref,
    )
    version.save()
    cited = draft.cited("L9.9(c)" if draft.is_initial else "L9.11(b)")
    what = f"became version {version.number} of the CPS"
    owing.tell_pma(draft, clause=cited, what=what)
    owing.tell_dcc(draft, clause=cited, what=what)
    return version


def record_version(version: CpsVersion, draft: Draft, *, clause: str, by: Actor) -> None:
    """The entry of a text becoming the CPS."""
    facts = {
        "cps": version.cps,
        "version": version.number,
        "in_force_from": version.in_force_from_on,
        "sha256": version.revision.sha256,
        "resolution_ref": version.resolution_ref,
    }
    record(
        "draft.became_cps", clause=clause, by=by, subject=draft, facts=facts, audience="cps", checkpoint=True
    )


def leave_out(draft: Draft, amendments: Any, *, ref: str, at: datetime) -> None:
    """Amendments that were proposed and not directed. Part of the calling act."""
    for amendment in amendments:
        amendment.state = AMENDMENT.move("leave_out", state=amendment.state).target
        amendment.decided_ref, amendment.decided_at = ref, at
        amendment.save()

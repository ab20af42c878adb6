"""The SMKI PMA directs a revocation by a carried motion; DCC's officer carries it out."""

import pytest

from certification.revocations.models import RevocationRequest
from certification.revocations.rules import Reason
from certification.revocations.states import AWAITING_CHECK
from repository.certificates.models import Certificate
from smki_pma.clauses import RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Resolution
from smki_pma.governance.meetings.motions import motion_kind
from tests.community import Community
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member
from tests.samples.access_revocations import certificate_serial

KIND = "revocations.direct"


@pytest.mark.clause("L1.15", "L3.4")
def test_a_carried_motion_is_a_request_that_dcc_carries_out(community: Community) -> None:
    certificate = Certificate.objects.get(serial=certificate_serial())
    parameters = {"serial": certificate.serial_shown, "reason": "Used for what it is not for."}
    room = Room()
    item = room.item()
    vote = room.question(item, kind=KIND, option="revoke", parameters=parameters)
    assert certificate.serial_shown in vote.question and parameters["reason"] in vote.particulars
    assert parameters["reason"] not in vote.public_question
    room.convene()
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    for email in (CHAIR, LARGE_1, LARGE_2):
        room.cast(vote, email)
    room.close(vote)

    resolution = Resolution.objects.get(vote=vote)
    request = RevocationRequest.objects.get(certificate=certificate)
    assert (resolution.effect_state, request.state) == ("done", AWAITING_CHECK)
    assert (request.reason, request.asked_by) == (Reason.PMA_DIRECTION, None)
    assert resolution.reference in request.asked_in
    assert Duty.objects.open().filter(kind="revocation.check", subject_id=str(request.pk)).exists()


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize("serial", ["", "nonsense", "53" * 16])
def test_a_motion_names_a_certificate_that_there_is(community: Community, serial: str) -> None:
    with pytest.raises(RuleViolation):
        motion_kind(KIND).proposition(None, "revoke", {"serial": serial, "reason": "Why not."})

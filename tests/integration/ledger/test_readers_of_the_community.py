"""What each office may read of the ledger, and the copies of checkpoints that members get."""

from collections.abc import Callable

import pytest
from django.core import mail

from smki_pma.ledger import checkpoints, keys, verifier
from smki_pma.ledger.logs import LEDGER
from smki_pma.notices.checkpoint_copies import mail_latest_checkpoint
from smki_pma.parties.ledger_readers import ledger_audiences
from smki_pma.parties.roles import PMA_MEMBERS
from smki_pma.parties.selectors import people_holding
from tests.community import PERSONAS, Community

AUDIENCES = {
    "pma_chair": {"parties", "pma", "cps"},
    "pma_member": {"parties", "pma", "cps"},
    "alternate": {"parties"},  # more while acting: tests/integration/meetings/test_apologies.py
    "smki_specialist": {"parties", "pma"},
    "secretariat": {"parties", "pma", "cps"},
    "code_administrator": {"parties"},
    "panel_officer": {"parties"},
    "dcc_document_owner": {"parties", "cps", "dcc", "party"},
    "dcc_ra_officer": {"parties", "cps", "dcc", "party"},
    "dcc_ca_operator": {"parties", "cps", "dcc", "party"},
    "party_officer": {"parties"},
    "other_party_officer": {"parties"},
    "assurance_provider": {"parties"},
    "auditor": {"parties", "pma"},
}


@pytest.mark.clause("L9.12")
@pytest.mark.parametrize("persona", PERSONAS)
def test_each_office_reads_its_audiences(community: Community, persona: str) -> None:
    audiences, _ = ledger_audiences(community.person(persona))
    assert audiences == AUDIENCES[persona]


def test_a_partys_own_entries_are_for_its_officers(community: Community) -> None:
    _, ours = ledger_audiences(community.person("party_officer"))
    _, theirs = ledger_audiences(community.person("other_party_officer"))
    assert len(ours) == len(theirs) == 1
    assert ours != theirs


def test_members_get_a_copy_of_the_newest_checkpoint(community: Community, grow: Callable[..., None]) -> None:
    note = checkpoints.sign_now(LEDGER).note
    mail.outbox.clear()
    members = people_holding(*PMA_MEMBERS)
    assert mail_latest_checkpoint() == len(members) > 0
    assert {message.to[0] for message in mail.outbox} == {member.email for member in members}
    for message in mail.outbox:
        start = message.body.index(note.partition("\n")[0] + "\n")
        assert verifier.read_checkpoint(message.body[start:], keys.published_vkeys())


def test_before_the_first_checkpoint_nothing_is_mailed(db: None) -> None:
    assert mail_latest_checkpoint() == 0
    assert mail.outbox == []

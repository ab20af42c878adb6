"""A signed head of the ledger in every member's mailbox: copies that nobody can call back."""

from django.conf import settings
from django.core.mail import EmailMessage

from smki_pma.ledger import checkpoints
from smki_pma.ledger.logs import LEDGER
from smki_pma.parties.roles import PMA_MEMBERS
from smki_pma.parties.selectors import people_holding

TEXT = """This is today's checkpoint of the SMKI PMA's ledger. Keep this message.

If anybody ever changes or removes an entry that it covers, this copy proves it. You need do nothing now.
How to compare it with the ledger: {address}

{note}"""


def mail_latest_checkpoint() -> int:
    """E-mail the newest checkpoint to each SMKI PMA Member, one by one. The number of messages sent."""
    checkpoint = checkpoints.latest(LEDGER)
    if checkpoint is None:
        return 0
    text = TEXT.format(address=f"{settings.SMKI_PUBLIC_URL}/ledger/verify/", note=checkpoint.note)
    subject = f"Ledger checkpoint of {checkpoint.size} entries"
    members = people_holding(*PMA_MEMBERS)
    for member in members:
        EmailMessage(subject=subject, body=text, to=[member.email]).send()
    return len(members)

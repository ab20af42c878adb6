"""What each Authority has revoked, as its lists are made of it: encoded once, read in one go."""

from django.db.models import Max

from certification.authorities.crl import Revoked
from certification.authorities.lists import register_source
from certification.authorities.models import Authority
from certification.revocations.models import Revocation


class EntryLost(Exception):
    """The table of revocations has a gap: a list made from it would let a revoked Certificate pass."""


@register_source
def revoked_by(authority: Authority) -> Revoked:
    """Everything that the Authority has revoked, in the order of revocation. L3.5

    No object is made for a row. Positions run from 1 without a gap, so a row that is missing is noticed.
    """
    rows = Revocation.objects.filter(issuer=authority)
    entries = list(rows.order_by("position").values_list("entry", flat=True))
    last = rows.aggregate(last=Max("position"))["last"] or 0
    if last != len(entries):
        raise EntryLost(f"{authority}: {len(entries)} entries, but the last is number {last}.")
    return Revoked(b"".join(entries), len(entries))

"""Loading lists of known weak keys."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from certification.weak_keys import rules
from certification.weak_keys.models import KnownWeakKey, WeakKeyList
from certification.weak_keys.selectors import find_weak
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.ledger.inserting import insert_rows
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

# A query with more values than this is refused by SQLite on some machines.
_AT_ONCE = 500


@service
def load_weak_keys(*, content: bytes, source: str, by: Actor, at: datetime | None = None) -> WeakKeyList:
    """Refuse from now on every request for a key on this list; the same file again changes nothing. L3.5

    content: as rules.read_list reads it. source: whose list it is, for people. Requests in hand are not
    touched; an Organisation request is checked again when an officer accepts it.
    """
    authority.require(by, "owner", Role.DCC_CA_OPERATOR, clause=rules.CLAUSE)
    digests = rules.read_list(content)
    file_sha256 = hashlib.sha256(content).hexdigest()
    present = WeakKeyList.objects.filter(file_sha256=file_sha256).first()
    if present is not None:
        return unchanged(present)
    loaded = WeakKeyList(
        source=source,
        file_sha256=file_sha256,
        count=len(digests),
        loaded_at=at or clock.now(),
        loaded_by=by.name,
    )
    loaded.save()
    new = [digest for part in _parts(digests) for digest in _new(part)]
    insert_rows(KnownWeakKey, ["digest", "listed_in_id"], [(digest, loaded.pk) for digest in new])
    facts = {"source": source, "file_sha256": file_sha256, "count": len(digests), "new": len(new)}
    record("weak_keys.loaded", clause=rules.CLAUSE, by=by, subject=loaded, facts=facts, audience="dcc")
    return loaded


def _parts(digests: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(digests), _AT_ONCE):
        yield digests[start : start + _AT_ONCE]


def _new(digests: list[bytes]) -> list[bytes]:
    known = find_weak(digests)
    return [digest for digest in digests if digest not in known]

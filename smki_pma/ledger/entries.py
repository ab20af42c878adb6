"""From what a service recorded to the rows of the ledger."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.ledger import store, tree, witness
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.canonical import canonical, time_text
from smki_pma.ledger.logs import ACCESS, LEDGER
from smki_pma.ledger.models import AccessLog, Entry, EntryText
from smki_pma.statements import as_moment, fetch_one, insert_together

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One entry before it has a number. facts: JSON types already. within: the act that this was part of."""

    act_id: UUID
    within: UUID | None
    event: str
    clause: str
    by: Actor
    subject_type: str
    subject_id: str
    facts: dict[str, Any]
    audience: str
    party_id: UUID | None
    checkpoint: bool

    def content(self) -> bytes:
        """The canonical entry, which the commitment covers."""
        return canonical(
            {
                "act": self.act_id,
                "actor": self.by.as_facts(),
                "audience": self.audience,
                "clause": self.clause,
                "event": self.event,
                "facts": self.facts,
                "party": self.party_id,
                "subject": {"id": self.subject_id, "type": self.subject_type},
                "v": VERSION,
                "within": self.within,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One logged read before it has a number."""

    act_id: UUID
    by: Actor
    what: str
    subject_type: str
    subject_id: str
    purpose: str


def leaf_data(*, number: int, recorded_at: datetime, commitment: bytes) -> bytes:
    """The bytes of a leaf, the same for every entry whatever it says."""
    return canonical({"commitment": commitment, "number": number, "recorded_at": recorded_at, "v": VERSION})


def commitment_to(salt: bytes, content: bytes) -> bytes:
    """What a leaf reveals of an entry: SHA-256 over a fresh salt and the canonical entry."""
    return hashlib.sha256(salt + content).digest()


def append(recorded: Sequence[Recorded]) -> range:
    """Number the entries and write them, as the last statements of their transaction. Returns the numbers."""
    store.take_turn(LEDGER)
    size, at = _next_place()
    witness.check_not_forked(LEDGER, size)
    entries, texts = zip(
        *(_rows(number, at, item) for number, item in enumerate(recorded, start=size)), strict=True
    )
    insert_together(entries)
    insert_together(texts)
    leaves = [bytes(entry.leaf_hash) for entry in entries]
    store.add_leaves(LEDGER, size, leaves)
    return range(size, size + len(leaves))


def _next_place() -> tuple[int, datetime]:
    """The next number, and the time: now, or the last entry's where the machine's clock has gone back."""
    last = fetch_one("SELECT number, recorded_at FROM ledger_entry ORDER BY number DESC LIMIT 1")
    now = clock.now()
    return (0, now) if last is None else (int(last[0]) + 1, max(now, as_moment(last[1])))


def _rows(number: int, at: datetime, item: Recorded) -> tuple[Entry, EntryText]:
    salt, content = secrets.token_bytes(32), item.content()
    commitment = commitment_to(salt, content)
    leaf = tree.leaf_hash(leaf_data(number=number, recorded_at=at, commitment=commitment))
    entry = Entry(number=number, recorded_at=at, commitment=commitment, leaf_hash=leaf)
    text = EntryText(
        number=number,
        salt=salt,
        content=content.decode(),
        recorded_at=at,
        act_id=item.act_id,
        event=item.event,
        clause=item.clause,
        audience=item.audience,
        party_id=item.party_id,
        subject_type=item.subject_type,
        subject_id=item.subject_id,
        actor_name=item.by.name,
        actor_role=str(item.by.role),
    )
    return entry, text


def access_leaf(row: AccessLog) -> bytes:
    """The bytes of a leaf of the access log; they are never published, only the roots over them."""
    return canonical(
        {
            "act": row.act_id,
            "at": time_text(row.at),
            "for": row.for_name,
            "for_party": row.for_party_id,
            "name": row.name,
            "number": row.number,
            "person": row.person_id,
            "purpose": row.purpose,
            "role": row.role,
            "salt": bytes(row.salt),
            "subject": {"id": row.subject_id, "type": row.subject_type},
            "v": VERSION,
            "what": row.what,
        }
    )


def append_accesses(accesses: Sequence[Access]) -> None:
    """Number the logged reads and write them."""
    store.take_turn(ACCESS)
    size = store.size_of(ACCESS)
    at = clock.now()
    rows = [
        AccessLog(
            number=number,
            at=at,
            act_id=item.act_id,
            person_id=item.by.person_id,
            name=item.by.name,
            role=str(item.by.role),
            for_party_id=item.by.for_party_id,
            for_name=item.by.for_name,
            what=item.what,
            subject_type=item.subject_type,
            subject_id=item.subject_id,
            purpose=item.purpose,
            salt=secrets.token_bytes(32),
        )
        for number, item in enumerate(accesses, start=size)
    ]
    AccessLog.objects.bulk_create(rows)
    store.add_leaves(ACCESS, size, [tree.leaf_hash(access_leaf(row)) for row in rows])

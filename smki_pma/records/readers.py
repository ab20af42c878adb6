"""Who may read which documents: those who may read its entry, unless the owner of its kind says otherwise."""

from collections.abc import Callable
from typing import Any

from smki_pma.ledger.readers import reader_for
from smki_pma.records.models import Record

Rule = Callable[[Any, Record], bool]
_rules: dict[str, Rule] = {}


def register_record_rule(kind: str, rule: Rule) -> Rule:
    """Let a function of user and record alone decide who reads documents of a kind."""
    _rules[kind] = rule
    return rule


def may_read(user: Any, record: Record) -> bool:
    """Whether this user may read this document."""
    rule = _rules.get(record.kind)
    if rule is not None:
        return rule(user, record)
    reader = reader_for(user)
    if record.audience in reader.audiences:
        return True
    return record.audience == "party" and record.party_id in reader.party_ids

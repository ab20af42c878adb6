"""What the requests of a chunk take for themselves, all in a few statements: public keys and places at devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from certification.authorities.faults import Fault
from certification.engine.intents import Refused
from certification.engine.requests import Wanted
from certification.requests import rules
from certification.requests.reservations import release_keys, reserve_devices, reserve_keys
from certification.weak_keys.selectors import find_weak
from smki_pma.clauses import RuleViolation
from smki_pma.rules_in_force.selectors import figure

Checked = Wanted | Refused


def reserve(checked: Iterable[Checked], *, environment: str, at: datetime) -> list[Checked]:
    """The same, with those refused whose key is known weak or used, or whose device has its full number. L3.4, L3.5

    Inside a service. What is refused has taken nothing.
    """
    limit = figure("requests.most_certificates_per_device", at=at)
    outcomes = list(checked)
    weak = find_weak(_digests(outcomes))
    _refuse(outcomes, lambda wanted: wanted.digest in weak, _known_weak())
    ours = reserve_keys(_digests(outcomes))
    _refuse(outcomes, lambda wanted: wanted.digest not in ours, _used())
    _refuse_repeats(outcomes)
    wanted = Counter(each.eui64 for each in outcomes if isinstance(each, Wanted))
    granted = reserve_devices(wanted, environment=environment, limit=limit)
    _fill_up(outcomes, granted, environment=environment, limit=limit)
    return outcomes


def _digests(outcomes: Iterable[Checked]) -> set[bytes]:
    return {each.digest for each in outcomes if isinstance(each, Wanted)}


def _refuse(outcomes: list[Checked], applies: Callable[[Wanted], bool], because: Refused) -> None:
    for place, each in enumerate(outcomes):
        if isinstance(each, Wanted) and applies(each):
            outcomes[place] = replace(because, eui64=each.eui64)


def _refuse_repeats(outcomes: list[Checked]) -> None:
    """Of several requests for one key the first is served."""
    seen: set[bytes] = set()
    for place, each in enumerate(outcomes):
        if isinstance(each, Wanted):
            if each.digest in seen:
                outcomes[place] = replace(_used(), eui64=each.eui64)
            seen.add(each.digest)


def _fill_up(outcomes: list[Checked], granted: frozenset[bytes], *, environment: str, limit: int) -> None:
    """One by one, for devices that cannot have all that is asked for here: the first get what is left. L3.4"""
    for place, each in enumerate(outcomes):
        if isinstance(each, Refused) or each.eui64 in granted:
            continue
        if not reserve_devices({each.eui64: 1}, environment=environment, limit=limit):
            release_keys([each.digest])
            full = _refusal(lambda: rules.check_device_limit(held=limit, limit=limit))
            outcomes[place] = replace(full, eui64=each.eui64)


def _known_weak() -> Refused:
    message = "This key is on a list of keys known to be weak. Make a new one."
    return _refused(Fault("csr.key.known_weak", "Public key", message, "house rule"))


def _used() -> Refused:
    return _refusal(lambda: rules.check_new_public_key(used=True))


def _refusal(rule: Callable[[], None]) -> Refused:
    """What a rule says when it refuses, as for a single request."""
    try:
        rule()
    except RuleViolation as refusal:
        return _refused(rules.fault_of(refusal))
    raise AssertionError("The rule refuses nothing.")


def _refused(fault: Fault) -> Refused:
    return Refused(fault.code, str(fault))

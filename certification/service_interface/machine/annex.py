"""The technical annex: what the interface really does, for machines, from the tables that it runs on. L4.4

The SMKI Interface Design Specification in force, part of the Code, says what holds. This never replaces it: DCC
compares the two (annexes.py) and answers for a difference.
"""

import json
from functools import cache
from typing import Any

from certification.authorities.environments import Environment, environment
from certification.authorities.profiles import PROFILES, CertificateKind, Profile, SubjectForm
from certification.authorities.selectors import profile_in_force
from certification.batches import states as batch_states
from certification.requests import states as request_states
from certification.requests.rules import LARGEST_REQUEST
from certification.service_interface import error_codes
from certification.service_interface.machine import api, description, est, single
from certification.service_interface.machine.limits import LARGEST_MESSAGE, LIMITS, LONGEST_KEY
from certification.service_interface.machine.schemas import BATCH_STATES, REQUEST_STATES
from certification.service_interface.refusals import REASONS
from smki_pma.calendar import clock
from smki_pma.rules_in_force.selectors import figure

FORMAT = 1
_ENVIRONMENTS = ("live", "test")
_ISSUED = (CertificateKind.DEVICE, CertificateKind.ORGANISATION)


def annex() -> dict[str, Any]:
    """The annex as it stands now, JSON types alone. Its limits follow the rules and settings in force."""
    return {
        "format": FORMAT,
        "interface": "SMKI Service Interface",
        "version": api.VERSION,
        "profiles": [_profile(profile_in_force(kind, at=clock.now())) for kind in _ISSUED],
        "states": {
            "request": {state: request_states.LIFE_CYCLE.states[state] for state in REQUEST_STATES},
            "batch": {state: batch_states.LIFE_CYCLE.states[state] for state in BATCH_STATES},
        },
        "limits": _limits(),
        "codes": {
            "requests": [_code(each) for each in error_codes.requests()],
            "batches": [_code(each) for each in error_codes.batches()],
            "interface": {
                code: {"status": each.status, "title": each.title, "clause": each.clause}
                for code, each in REASONS.items()
            },
        },
        "est": {
            "labels": {
                name: {"policy": label.policy.value, "environment": label.environment}
                for name, label in est.LABELS.items()
            },
            "operations": dict(est.METHODS),
        },
        "openapi": descriptions(),
    }


@cache
def descriptions() -> dict[str, Any]:
    """The OpenAPI description of each environment's JSON interface."""
    return {"live": description.describe(api.LIVE), "test": description.describe(api.TEST)}


def text_of(content: dict[str, Any]) -> str:
    """An annex as it is served, recorded and kept in docs/interface."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "kind": profile.kind.value,
        "title": profile.title,
        "issuer": PROFILES[profile.issuer].title,
        "subject": profile.subject.value,
        "usages": sorted(usage.value for usage in profile.usages),
        "lifetime": {
            # null: no well-defined expiry (RFC 5280 4.1.2.5)
            "years": profile.lifetime.years,
            "to_end_of_day": profile.lifetime.to_end_of_day,
            "source": profile.lifetime.source,
        },
        "environments": {each.key: _identifiers(profile, each) for each in map(environment, _ENVIRONMENTS)},
        "extensions": [
            {"oid": each.oid, "name": each.name, "critical": each.critical, "source": each.source}
            for each in profile.extensions
        ],
    }


def _identifiers(profile: Profile, its: Environment) -> dict[str, Any]:
    """What a Certificate holds in one environment. sample: not the real identifiers."""
    found = {"policy": profile.policy(its), "sample": its.sample}
    return found | {"hw_type": its.hw_type} if profile.subject is SubjectForm.EMPTY else found


def _code(each: error_codes.ErrorCode) -> dict[str, str]:
    return {"code": each.code, "where": each.where, "meaning": each.meaning, "ground": each.ground}


def _limits() -> dict[str, Any]:
    return {
        "request_octets": LARGEST_REQUEST,
        "message_octets": LARGEST_MESSAGE,
        "idempotency_key_characters": LONGEST_KEY,
        "wait_seconds": int(single.WAIT_SECONDS),
        "page_items": api.LARGEST_PAGE,
        "batch_requests": figure("requests.largest_batch"),
        "batch_megabytes": figure("requests.largest_batch_megabytes"),
        "certificates_per_device": figure("requests.most_certificates_per_device"),
        "single_response_seconds": figure("requests.single_response_seconds"),
        "messages_of_a_credential": {
            each.kind: {"title": each.title, "most": each.most, "seconds": each.seconds} for each in LIMITS
        },
    }

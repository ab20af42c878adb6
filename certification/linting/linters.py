"""The linter: pkilint's rules of RFC 5280 and our own of the SMKI profiles, over one Certificate or list.

Only worker processes and tests load this: pkilint costs a third of a second and 13 MB.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from pkilint import pkix
from pkilint.pkix import certificate, crl
from pkilint.validation import ValidationFindingSeverity, ValidationResult, ValidatorContainer

from certification.authorities import der
from certification.authorities.lint import Finding
from certification.linting import (
    certificate_extensions,
    certificate_fields,
    certificate_names,
    decoding,
    revocation_lists,
)
from certification.linting.allowed import IGNORED_CODES
from certification.linting.planned import planned
from certification.linting.revocation_lists import ExpectedList, SmkiList
from certification.linting.rule import Expected, Register, SmkiCertificate, SmkiValidators

VERSION = f"pkilint {version('pkilint')}"
# Severities count from FATAL, 0.
_MILDEST = ValidationFindingSeverity.INFO

CERTIFICATE_LINTS = Register(
    (*certificate_fields.LINTS, *certificate_names.LINTS, *certificate_extensions.LINTS)
)
LIST_LINTS = revocation_lists.LINTS
_SOURCES = {each.code: each.source for each in (*CERTIFICATE_LINTS, *LIST_LINTS)}


def lint_certificate(encoded: bytes, expected: Expected) -> tuple[Finding, ...]:
    """What is wrong with a Certificate; empty when nothing is. Whatever the bytes, nothing is raised."""
    document = SmkiCertificate("memory", encoded, "certificate")
    document.is_twin = expected.issuer_point is None
    fault = _structure(document, encoded, certificate_fields.FIELDS)
    return (fault,) if fault else _findings(certificate_linter(expected).validate(document.root))


def lint_list(encoded: bytes, expected: ExpectedList) -> tuple[Finding, ...]:
    """What is wrong with a CRL or ARL; empty when nothing is.

    pkilint needs a millisecond for each entry, so of a long list it decodes some, from all over it; our own
    lints read every entry.
    """
    document = SmkiList("memory", encoded, "list")
    fault = _structure(document, encoded, None)
    return (fault,) if fault else _findings(_list_linter(expected).validate(document.root))


def _structure(document: Any, encoded: bytes, fields: list[int] | None) -> Finding | None:
    """Why nothing else can be said of the bytes: they are not strict DER, or no such document."""
    try:
        der.check_strict(encoded)
        document.decode()
        found = [each.tag for each in der.read(encoded).children()[0].children()]
    except (ValueError, LookupError) as error:
        return Finding("smki.structure", f"The bytes cannot be read: {error}.", "RFC 5280 4.1, 5.1; X.690 10")
    if fields is not None and found != fields:
        message = "The fields are not exactly those of a version 3 Certificate without unique identifiers."
        return Finding("smki.fields", message, "RFC 5280 4.1; Certificate profile: version 3")
    return None


@lru_cache(maxsize=64)
def certificate_linter(expected: Expected) -> ValidatorContainer:
    """The linter of Certificates for one expectation."""
    return planned(certificate_container(expected))


def certificate_container(expected: Expected) -> ValidatorContainer:
    """pkilint's linter of RFC 5280, as its own program composes it, and our lints."""
    container = certificate.create_pkix_certificate_validator_container(
        decoding.certificate_decoders(),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    # Last, for they read what the decoders before them have decoded.
    container.validators.append(SmkiValidators(CERTIFICATE_LINTS, expected, path="certificate"))
    return container


@lru_cache(maxsize=16)
def _list_linter(expected: ExpectedList) -> ValidatorContainer:
    container: ValidatorContainer = crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(decoding.ATTRIBUTES),
            pkix.create_extension_decoder(decoding.EXTENSIONS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )
    container.validators.append(SmkiValidators(LIST_LINTS, expected, path="certificateList"))
    return container


def _findings(results: Iterable[ValidationResult]) -> tuple[Finding, ...]:
    found = []
    for result in results:
        for description in result.finding_descriptions:
            severity, code = description.finding
            if severity <= _MILDEST and code not in IGNORED_CODES:
                message = description.message or f"{severity.name.capitalize()} at {result.node.path}."
                found.append(Finding(code, message, _SOURCES.get(code, f"RFC 5280, as {VERSION} reads it")))
    return tuple(found)

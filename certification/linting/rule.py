"""What one of our lints is: a function that yields what is wrong, carried into pkilint as a validator."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pkilint.pkix.certificate import RFC5280Certificate
from pkilint.validation import (
    ValidationFinding,
    ValidationFindingDescription,
    ValidationFindingSeverity,
    ValidationResult,
    Validator,
    ValidatorContainer,
)
from pyasn1.type import univ

from certification.authorities import der
from certification.authorities.environments import Environment
from certification.authorities.lint import Issuer
from certification.authorities.profiles import Profile

PREFIX = "smki."


@dataclass(frozen=True, slots=True)
class Expected:
    """What a Certificate is held to. `issuer` None: self-signed. `issuer_point`: the key that signed, if known."""

    profile: Profile
    environment: Environment
    issuer: Issuer | None
    issuer_point: bytes | None = None


class SmkiCertificate(RFC5280Certificate):  # type: ignore[misc]
    """A Certificate as pkilint reads it, with the octets beside: a profile fixes some of them to the letter."""

    is_twin = False

    def is_signed_with_key(self, public_key: Any) -> bool:
        """Of a twin, whether the real one will be: a name that issues itself is signed with its own key."""
        return bool(self.is_self_issued if self.is_twin else super().is_signed_with_key(public_key))

    @functools.cached_property
    def fields(self) -> list[der.Element]:
        """The fields of the TBSCertificate as they stand in the bytes."""
        return der.read(self.substrate).children()[0].children()

    def extension_octets(self, oid: str) -> bytes | None:
        """The octets inside extnValue; None where there is no such extension."""
        found = self.get_extension_by_oid(univ.ObjectIdentifier(oid))
        return None if found is None else bytes(found[0].children["extnValue"].pdu)

    def extension_node(self, oid: str) -> Any | None:
        """pkilint's node of the decoded value; None where there is none or it cannot be decoded."""
        found = self.get_extension_by_oid(univ.ObjectIdentifier(oid))
        if found is None:
            return None
        decoded = list(found[0].children["extnValue"].children.values())
        return decoded[0] if decoded else None


Check = Callable[[Any, Any], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Lint:
    """One rule of ours: its stable name, the provision that it comes from, and what finds it broken."""

    name: str
    source: str
    check: Check

    @property
    def code(self) -> str:
        return PREFIX + self.name


class Register(list[Lint]):
    """The lints of one kind of artefact, in the order in which they run."""

    def lint(self, name: str, *, source: str) -> Callable[[Check], Check]:
        """Add a lint; it is given the document and what is expected, and yields a sentence for each fault."""

        def add(check: Check) -> Check:
            self.append(Lint(name, source, check))
            return check

        return add


class SmkiValidator(Validator):  # type: ignore[misc]
    """A lint of ours as a validator of pkilint, for one expectation."""

    def __init__(self, lint: Lint, expected: Any, *, path: str) -> None:
        self.lint, self.expected = lint, expected
        self.finding = ValidationFinding(ValidationFindingSeverity.ERROR, lint.code)
        super().__init__(validations=[self.finding], path=path)

    def validate(self, node: Any) -> ValidationResult:
        found = [ValidationFindingDescription(self.finding, message) for message in self._run(node.document)]
        return ValidationResult(self, node, found)

    def _run(self, document: Any) -> list[str]:
        try:
            return list(self.lint.check(document, self.expected))
        except (ValueError, LookupError) as error:
            return [f"The part cannot be read: {error}."]


class SmkiValidators(ValidatorContainer):  # type: ignore[misc]
    """All lints of ours. Each looks at the whole document, so only its root is visited, not every node."""

    def __init__(self, register: Register, expected: Any, *, path: str) -> None:
        validators = [SmkiValidator(lint, expected, path=path) for lint in register]
        super().__init__(validators=validators, path=path)

    def validate(self, node: Any) -> list[ValidationResult]:
        return [validator.validate_wrapper(node) for validator in self.validators]

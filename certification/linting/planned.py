"""The same validators, asked only where they can apply.

pkilint asks each of some sixty validators at each of some eighty nodes of a Certificate whether it applies: half
of its time. Whether a path or a type fits is the same for every Certificate of a form, so it is looked up. What
is left is asked as ever; a test holds the findings to those of pkilint's own walk.
"""

from __future__ import annotations

from typing import Any

from pkilint.validation import ValidationResult, Validator, ValidatorContainer


class PlannedContainer(ValidatorContainer):  # type: ignore[misc]
    """A container that remembers, for each place in a document and type, which validators to ask."""

    def __init__(self, container: ValidatorContainer) -> None:
        self.__dict__.update(container.__dict__)
        self.validators = [planned(each) for each in container.validators]
        self._plan: dict[tuple[str, type], list[Validator]] = {}

    def _validate_rec(self, node: Any, results: list[ValidationResult]) -> None:
        place = node.path, type(node.pdu)
        asked = self._plan.get(place)
        if asked is None:
            asked = self._plan[place] = [each for each in self.validators if _may_match(each, *place)]
        for validator in asked:
            if validator.match(node):
                found = validator.validate_wrapper(node)
                if isinstance(found, list):
                    results += found
                else:
                    results.append(found)
        for child in list(node.children.values()):
            self._validate_rec(child, results)


def _may_match(validator: Validator, path: str, kind: type) -> bool:
    """Whether the validator could apply there, by what every validator of pkilint asks first."""
    if validator._path is not None and validator._path != path:
        return False
    return validator._pdu_class is None or issubclass(kind, validator._pdu_class)


def planned(validator: Validator) -> Validator:
    """The validator; a plain container of pkilint as one with a plan, at every depth."""
    return PlannedContainer(validator) if type(validator) is ValidatorContainer else validator

"""Which tests guard which clause: checked on every run, written out by make evidence."""

import json
from pathlib import Path

import pytest

from smki_pma import clauses


def citations(item: pytest.Item) -> set[str]:
    """The clause ids on a test, each with the listed clause that it belongs to."""
    cited: set[str] = set()
    for marker in item.iter_markers("clause"):
        for id in marker.args:
            try:
                cited |= {id, clauses.parent_of(id)}
            except clauses.UnknownClause as unknown:
                raise pytest.UsageError(f"{item.nodeid}: {unknown}") from None
    return cited


def write(items: list[pytest.Item], to: Path) -> None:
    """Write {"evidence": {clause: [tests]}, "missing": [clauses]} for the listed clauses of Section L."""
    evidence: dict[str, list[str]] = {}
    for item in items:
        if item.get_closest_marker("skip"):
            continue
        for id in citations(item):
            evidence.setdefault(id, []).append(item.nodeid)
    missing = [c.id for c in clauses.all_clauses() if c.id not in evidence]
    to.parent.mkdir(parents=True, exist_ok=True)
    ordered = {id: sorted(tests) for id, tests in sorted(evidence.items())}
    to.write_text(json.dumps({"evidence": ordered, "missing": missing}, indent=1) + "\n")

"""Reading the tables that the product ships with."""

from pathlib import Path
from typing import Any

import yaml

# libyaml reads in 50 ms what Python reads in most of a second, and every process reads it when it starts.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a YAML file that is a list of mappings."""
    rows: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    return rows

"""Our lints and what we ignore of pkilint's, as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterator

from certification.linting.allowed import ALLOWED
from certification.linting.linters import CERTIFICATE_LINTS, LIST_LINTS, VERSION


def document() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Lints"
    yield ""
    yield "Written by `manage.py write_lints` from `certification/linting`. Do not edit."
    yield ""
    yield f"Everything is held to RFC 5280 by {VERSION} and to these rules of ours, before it is signed and afterwards."
    for title, lints in (("Certificates", CERTIFICATE_LINTS), ("CRLs and ARLs", LIST_LINTS)):
        yield from ("", f"## {title}", "", "| Lint | Source |", "|---|---|")
        for each in lints:
            yield f"| `{each.code}` | {each.source} |"
    yield from ("", "## What pkilint says and we do not act on", "", "| Code | Why |", "|---|---|")
    for allowed in ALLOWED:
        yield f"| `{allowed.code}` | {allowed.reason} |"
    yield ""

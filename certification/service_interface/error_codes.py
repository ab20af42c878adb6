"""Every stable code that a subscriber can meet, from the tables that the services answer from."""

from collections.abc import Iterator
from dataclasses import dataclass

from certification.authorities.fault_codes import FAULT_CODES
from certification.batches.faults import all_words
from certification.service_interface.refusals import REASONS


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One code: where it is met, what it means, what to do about it, and its ground."""

    code: str
    where: str
    meaning: str
    ground: str


def requests() -> list[ErrorCode]:
    """Faults of a Certificate Signing Request, single or in a batch."""
    return [
        ErrorCode(
            each.code, f"Step {each.step}", f"{each.meaning} {each.remedy}", "Certificate profile, L3.5"
        )
        for each in FAULT_CODES
    ]


def batches() -> list[ErrorCode]:
    """Faults of a batch and of the files in it."""
    return [
        ErrorCode(code, "The whole batch" if each.whole else "The one request", each.message, each.source)
        for code, each in all_words().items()
        if not code.startswith("csr.")
    ]


def interface() -> list[ErrorCode]:
    """Refusals of the SMKI Service Interface, with the HTTP status."""
    return [
        ErrorCode(each.code, f"HTTP {each.status}", f"{each.title}.", each.clause)
        for each in REASONS.values()
    ]


SECTIONS = (
    ("Requests", "A request is checked in two steps; step two tells all its faults at once.", requests),
    ("Batches", "A batch with a fault of the whole is rejected; else each request is answered.", batches),
    ("SMKI Service Interface", "Machines get these as `code` in problem details (RFC 9457).", interface),
)


def document() -> str:
    """The table of all codes as a page of documentation."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Error codes"
    yield ""
    yield "Written by `manage.py write_error_codes` from the tables that the services answer from. Do not edit."
    yield "A code never changes its meaning; programs may rely on it. The words may become clearer."
    for title, intro, rows in SECTIONS:
        yield from (
            "",
            f"## {title}",
            "",
            intro,
            "",
            "| Code | Where | Meaning | Ground |",
            "|---|---|---|---|",
        )
        for each in rows():
            yield f"| `{each.code}` | {each.where} | {each.meaning} | {each.ground} |"
    yield ""

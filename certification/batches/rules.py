"""Rules for batches: pure functions over plain data. Their deadline and size are in requests.rules."""

from datetime import datetime, timedelta
from math import ceil

from certification.requests.rules import SentBefore
from smki_pma.clauses import RuleViolation

# What "MB" means in the limits of files, by page and by program.
MEGABYTE = 1024 * 1024
LONGEST_NAME = 120


def check_file_size(size: int, *, megabytes: int) -> None:
    """The file of a batch holds something and is no larger than the limit in force. L8.2"""
    if size == 0:
        raise RuleViolation(
            "The file is empty. Choose the ZIP archive with your requests.", clause="L8.2", field="file"
        )
    if size > megabytes * MEGABYTE:
        raise RuleViolation(
            f"The file is larger than {megabytes} MB. Divide the batch and send the parts.",
            clause="L8.2",
            field="file",
        )


def check_same_file(*, sent_before: str, now: str) -> None:
    """A key that marks one sending goes with one file; with another file it is refused. L8.2"""
    if sent_before != now:
        raise SentBefore(
            "This was sent before with another file. Start a new batch for this one.",
            clause="L8.2",
            field="file",
        )


def compute_results_until(completed_at: datetime, *, days: int) -> datetime:
    """The results of a batch can be fetched for the days in force. L8.3"""
    return completed_at + timedelta(days=days)


def check_results_kept(*, removed: bool) -> None:
    """After that time the Certificates are in the Repository alone, for ever. L8.3"""
    if removed:
        raise RuleViolation(
            "The results of this batch are no longer kept. Every Certificate is in the Repository: "
            "find it there by its EUI-64.",
            clause="L8.3",
        )


def compute_percent(*, answered: int, count: int) -> int:
    """How much of a batch is answered, rounded down: 100 only when all of it is. L8.1(b)"""
    return 100 * answered // count if count else 0


def compute_chunks(count: int, *, size: int) -> int:
    """In how many chunks a batch is issued."""
    return ceil(count / size)


def is_at_risk(
    *, received_at: datetime, deadline_at: datetime, now: datetime, answered: int, count: int
) -> bool:
    """Whether less of a batch is answered than of its time has gone by, with half of the time gone. L8.1(b)"""
    gone = (now - received_at) / (deadline_at - received_at)
    return gone >= 1 / 2 and answered / count < gone


def clean_file_name(name: str) -> str:
    """What is kept of the name that the file had at the sender: printable, without folders, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME]

"""Lodging many Certificates at once: rows without objects, one stretch of the certificate log.

The columns are those that stand in the Certificate: the caller (the issuing engine) has spliced them into
bytes which it holds equal, when it starts and on a sample of each chunk, to what the builder makes of the
same contents; here the first and the last Certificate of each call are read again from their final DER and
compared with their columns, and `verify_ledger` reads every one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from repository.certificates import log
from repository.certificates.kinds import CertificateKind, Status
from repository.certificates.log import Lodged
from repository.certificates.models import Certificate
from repository.certificates.permissions import require_lodger
from repository.certificates.reading import CertificateColumns, read_certificate
from smki_pma.clauses import clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.inserting import insert_rows

LODGING = clause("L5.3(a)").id
PURPOSE = "Providing the SMKI Services"

Item = tuple[str, str, str, str, str, str, bytes, str]
ITEM_COLUMNS = ("serial", "eui64", "usage", "key_id", "public_key_sha256", "sha256", "der", "reference")


class LodgedDiffers(RuntimeError):
    """A column does not say what stands in the Certificate: a fault of the program, so nothing is lodged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What the Certificates of one call have in common, each as `read_certificate` reads it."""

    kind: str
    environment: str
    issuer: str
    issuer_key_id: str
    not_before_at: datetime
    not_after_at: datetime
    subject: str = ""
    subject_cn: str = ""
    role_code: int | None = None


_ALIKE = tuple(field.name for field in fields(Alike))
_COLUMNS = ("id", *ITEM_COLUMNS, *_ALIKE, "status", "lodged_at", "lodged_by", "purpose")


def name_lodger(by: Actor) -> str:
    """Who lodged, in what capacity, for the record. L5.3(a)"""
    if by.role == "clock":
        return "DCC, by its issuing service"
    return f"DCC, by {by.name}"


def lodge_many(*, alike: Alike, items: Sequence[Item], by: Actor, at: datetime) -> Lodged:
    """Lodge Certificates, inside a service that records it with the head of the log. L5.3(a), L5.4

    items: tuples in the order of ITEM_COLUMNS, the columns in the form that `read_certificate` gives them.
    Call it as the last thing before the entry: the turn of the certificate log is held until the commit.
    Raises NotEntitled for anybody but DCC, LodgedDiffers, IntegrityError for a serial number used before.
    """
    require_lodger(by, clause=LODGING, at=at)
    for item in (items[0], items[-1]) if items else ():
        _check_says_what_stands_in_it(alike, item)
    leaves = [log.leaf_of(item[6]) for item in items]
    alike_values = tuple(getattr(alike, name) for name in _ALIKE)
    shared = (*alike_values, Status.IN_USE.value, at, name_lodger(by), PURPOSE)
    size = log.take_place()
    insert_rows(
        Certificate, _COLUMNS, [(id, *item, *shared) for id, item in enumerate(items, start=size + 1)]
    )
    return log.append(size, leaves)


def _check_says_what_stands_in_it(alike: Alike, item: Item) -> None:
    said = asdict(alike) | dict(zip(ITEM_COLUMNS, item, strict=True))
    wrong = columns_that_differ(said, read_certificate(item[6], CertificateKind(alike.kind)))
    if wrong:
        raise LodgedDiffers(f"Certificate {said['serial']}: {', '.join(wrong)} is not what stands in it.")


def columns_that_differ(said: dict[str, object], read: CertificateColumns) -> list[str]:
    """The names of the columns that do not say what was read from the DER."""
    return [name for name, value in asdict(read).items() if said[name] != value]

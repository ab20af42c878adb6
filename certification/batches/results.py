"""The answer to a batch: a Certificate under the name of each request, and a report on all of them. L8.1(b)"""

import binascii
import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from certification.batches.models import Batch, BatchItem
from certification.batches.result_zip import ResultZip
from smki_pma.calendar import clock
from smki_pma.files import store
from smki_pma.files.store import DamagedFile, Stored
from smki_pma.statements import fetch_all_with_bytes

REPORT = "report.csv"
COLUMNS = ("name", "outcome", "error_code", "explanation")
_ROWS = 5_000
# Items that are read and written together while a ZIP is made.
_TOGETHER = 1_000
# Letters in a line of PEM (RFC 7468 section 2).
_LINE = 64

Row = tuple[str, str, str, str, Any]
_ITEMS = """
SELECT i.name, i.outcome, i.fault_code, i.fault_detail, c.der
FROM batches_batchitem i LEFT JOIN certificates_certificate c ON c.id = i.certificate_id
WHERE i.batch_id = %s AND i.number >= %s AND i.number < %s ORDER BY i.number
"""


def are_kept(batch: Batch) -> bool:
    """Whether the results can still be fetched. L8.3"""
    return batch.removed_at is None and batch.results_until is not None and clock.now() < batch.results_until


def open_results(batch: Batch) -> IO[bytes]:
    """The ZIP of results that are kept, made again where it is lost: the same rows give the same octets. L8.3"""
    try:
        return store.open_verified(batch.result_sha256)
    except DamagedFile:
        return store.open_verified(make_results(batch).sha256)


def make_results(batch: Batch) -> Stored:
    """Put the ZIP of results into the files store. The same batch gives the same octets."""
    with tempfile.TemporaryFile() as spool:
        archive = ResultZip(spool, made_at=batch.received_at or batch.submitted_at)
        report = io.StringIO(newline="")
        writer = csv.writer(report)
        writer.writerow(COLUMNS)
        for name, outcome, code, detail, der in _rows(batch):
            writer.writerow((name, outcome, code, detail))
            if der is not None:
                archive.add(f"{name[:-4]}.crt", pem(bytes(der)))
        archive.add(REPORT, report.getvalue().encode())
        archive.close()
        spool.seek(0)
        return store.put(spool)


def report_lines(batch: Batch) -> Iterator[str]:
    """The report line by line, for a download of its own."""
    rows = BatchItem.objects.filter(batch=batch).order_by("number")
    yield _line(COLUMNS)
    for row in rows.values_list("name", "outcome", "fault_code", "fault_detail").iterator(_ROWS):
        yield _line(row)


def _line(row: tuple[str, ...]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(row)
    return line.getvalue()


def _rows(batch: Batch) -> Iterator[Row]:
    for first in range(0, batch.count, _TOGETHER):
        yield from fetch_all_with_bytes(_ITEMS, [batch.pk, first, first + _TOGETHER])


def pem(der: bytes) -> bytes:
    """A Certificate in PEM."""
    text = binascii.b2a_base64(der, newline=False)
    lines = [text[place : place + _LINE] for place in range(0, len(text), _LINE)]
    return b"\n".join((b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----\n"))

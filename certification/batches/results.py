"""The answer to a batch: a Certificate under the name of each request, and a report on all of them. L8.1(b)"""

import binascii
import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Any

from certification.batches.models import Batch, BatchItem
from certification.batches.result_zip import ResultZip
from smki_pma.files import store
from smki_pma.files.store import Stored

REPORT = "report.csv"
COLUMNS = ("name", "outcome", "error_code", "explanation")
_IN_MEMORY = 8 * 1024 * 1024
_ROWS = 5_000
# Lines of 64 letters, as RFC 7468 wants them: 48 octets each.
_LINE = 48

Row = tuple[str, str, str, str, Any]


def make_results(batch: Batch) -> Stored:
    """Put the ZIP of results into the files store. The same batch gives the same octets."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
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
    items = BatchItem.objects.filter(batch=batch).order_by("number")
    return items.values_list("name", "outcome", "fault_code", "fault_detail", "certificate__der").iterator(
        _ROWS
    )


def pem(der: bytes) -> bytes:
    """A Certificate in PEM."""
    lines = [binascii.b2a_base64(der[place : place + _LINE]) for place in range(0, len(der), _LINE)]
    return b"".join((b"-----BEGIN CERTIFICATE-----\n", *lines, b"-----END CERTIFICATE-----\n"))

"""Names of the files in a batch: what is answered under the same name must be safe on every machine."""

import re

from certification.batches import faults

LONGEST = 128
_SAFE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9 ._+#@()-]*")


def name_fault(name: bytes, taken: set[str]) -> str:
    """The code of what is wrong with a name, or empty; a sound name is added to those taken."""
    if b"/" in name or b"\\" in name:
        return faults.FOLDER
    if not name.lower().endswith(b".csr") or len(name) == len(b".csr"):
        return faults.NOT_CSR
    if not _SAFE.fullmatch(name):
        return faults.CHARACTERS
    if len(name) > LONGEST:
        return faults.TOO_LONG
    folded = name.decode("ascii").lower()
    if folded in taken:
        return faults.DUPLICATE
    taken.add(folded)
    return ""

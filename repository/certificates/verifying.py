"""What `verify_ledger` checks of the Repository: each Certificate is its leaf, and its columns are in it."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from repository.certificates.kinds import CertificateKind
from repository.certificates.lodging import columns_that_differ
from repository.certificates.log import leaf_of
from repository.certificates.models import Certificate
from repository.certificates.reading import read_certificate
from smki_pma.ledger.integrity import CHUNK, Fault, Leaves, register_leaves
from smki_pma.ledger.logs import CERTIFICATES
from smki_pma.ledger.models import EntryText
from smki_pma.ledger.verifier import Tree


def _size() -> int:
    last = Certificate.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0


def _hashes(start: int, end: int) -> dict[int, bytes]:
    rows = Certificate.objects.filter(id__gt=start, id__lte=end).values_list("id", "der")
    return {id - 1: leaf_of(bytes(der)) for id, der in rows}


def _faults() -> Iterator[Fault]:
    """Numbers without a gap, columns that are read from the bytes, and the heads that the ledger names."""
    heads, expected, grown, differs = _recorded_heads(), 1, Tree(), False
    for certificate in Certificate.objects.order_by("id").iterator(CHUNK):
        for missing in range(expected, certificate.id):
            yield Fault(f"Certificate {missing}", "it is missing from the Repository")
        expected = certificate.id + 1
        wrong = _columns_that_differ(certificate)
        if wrong:
            yield Fault(f"Certificate {certificate.id}", f"{wrong} is not what stands in it")
        grown.append(leaf_of(bytes(certificate.der)))
        for number, root in heads.pop(certificate.id, ()):
            if not differs and grown.root().hex() != root:
                # Those after it differ too, for the same reason.
                differs = True
                yield Fault(
                    f"entry {number}",
                    f"the first {certificate.id} Certificates are not those of which it gives the root",
                )
    for size, named in sorted(heads.items())[:1]:
        yield Fault(f"entry {named[0][0]}", f"it names {size} Certificates, and not all of them are there")


def _columns_that_differ(certificate: Certificate) -> str:
    try:
        read = read_certificate(bytes(certificate.der), CertificateKind(certificate.kind))
    except ValueError as error:
        return f"the kind {certificate.kind} ({error})"
    said = {name: getattr(certificate, name) for name in asdict(read)}
    return ", ".join(columns_that_differ(said, read))


def _recorded_heads() -> dict[int, list[tuple[int, str]]]:
    """The numbers of the entries that name a head of the log, with the root that each gives, by size."""
    heads: dict[int, list[tuple[int, str]]] = {}
    texts = EntryText.objects.filter(content__contains='"certificate_log_root"').order_by("number")
    for number, content in texts.values_list("number", "content").iterator(CHUNK):
        facts = json.loads(content)["facts"]
        heads.setdefault(facts["certificate_log_size"], []).append((number, facts["certificate_log_root"]))
    return heads


register_leaves(CERTIFICATES, Leaves(size=_size, hashes=_hashes, faults=_faults))

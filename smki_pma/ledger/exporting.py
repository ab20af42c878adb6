"""The whole ledger as a file that the stand-alone verifier checks: one JSON object on each line.

First a header {format, origin, size, root, vkeys}; then in their order the entries {leaf, hash} with
{text, salt} where the reader may see it, and each checkpoint {checkpoint} where its size is reached.
"""

import json
from collections.abc import Iterator

from smki_pma.ledger import keys, store, tree
from smki_pma.ledger.entries import leaf_data
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Checkpoint, Entry, EntryText
from smki_pma.ledger.readers import Reader
from smki_pma.ledger.verifier import EXPORT_FORMAT

CHUNK = 2000


def export(reader: Reader) -> Iterator[str]:
    """The lines, with the texts that this reader is entitled to."""
    size = store.size_of(LEDGER)
    root = tree.root_at(size, store.reader(LEDGER))
    yield _line(
        format=EXPORT_FORMAT, origin=LEDGER.origin, size=size, root=root.hex(), vkeys=keys.published_vkeys()
    )
    for start in range(0, size, CHUNK):
        yield from _chunk(start, min(start + CHUNK, size), reader)


def _chunk(start: int, end: int, reader: Reader) -> Iterator[str]:
    span = {"number__gte": start, "number__lt": end}
    texts = {text.number: text for text in reader.texts().filter(**span)}
    notes: dict[int, list[str]] = {}
    signed = Checkpoint.objects.filter(log=LEDGER.name, size__gt=start, size__lte=end).order_by("size", "pk")
    for size, note in signed.values_list("size", "note"):
        notes.setdefault(size, []).append(note)
    for entry in Entry.objects.filter(**span).order_by("number"):
        yield _entry(entry, texts.get(entry.number))
        for note in notes.get(entry.number + 1, []):
            yield _line(checkpoint=note)


def _entry(entry: Entry, text: EntryText | None) -> str:
    leaf = leaf_of(entry).decode()
    hash = bytes(entry.leaf_hash).hex()
    if text is None:
        return _line(leaf=leaf, hash=hash)
    return _line(leaf=leaf, hash=hash, text=text.content, salt=bytes(text.salt).hex())


def leaf_of(entry: Entry) -> bytes:
    """The bytes of an entry's leaf."""
    return leaf_data(number=entry.number, recorded_at=entry.recorded_at, commitment=bytes(entry.commitment))


def _line(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"

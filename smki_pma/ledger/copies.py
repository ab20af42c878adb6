"""The copies of checkpoints in a storage outside the database: where each lies, and which is the newest.

One object for each checkpoint, never overwritten (the bucket may have object lock). Its size is spelt in
folders of a thousand, so that the newest is found by a few short listings however many there are.
"""

from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from smki_pma.ledger.logs import Log
from smki_pma.ledger.models import Checkpoint
from smki_pma.ledger.notes import TreeHead


class CopiesUnreadable(RuntimeError):
    """The storage does not answer, or what lies there is no checkpoint."""


def keep(checkpoint: Checkpoint) -> None:
    """Store a checkpoint outside the database."""
    storage = storages["checkpoints"]
    name = _name(checkpoint)
    if not storage.exists(name):
        storage.save(name, ContentFile(checkpoint.note.encode()))


def _name(checkpoint: Checkpoint) -> str:
    # One folder for each origin. A percent sign in a name is decoded once too often by S3's listings.
    origin = quote(TreeHead.parse(checkpoint.note).origin, safe="").replace("%", "=")
    size = f"{checkpoint.size:012d}"
    folders = f"{size[:3]}/{size[3:6]}/{size[6:9]}"
    return f"{checkpoint.log}/{origin}/{folders}/{size}-{checkpoint.key_id[:8]}.txt"


def newest(log: Log) -> list[TreeHead]:
    """The newest head that was published of a log, under each name that the log has had. Raises CopiesUnreadable."""
    storage = storages["checkpoints"]
    try:
        origins, _ = _listed(storage, log.name)
        names = [name for origin in origins if (name := _last_below(storage, f"{log.name}/{origin}"))]
        return [_read(storage, name) for name in names]
    # Each kind of storage fails in its own way.
    except Exception as error:
        raise CopiesUnreadable(
            f"The published checkpoints of the {log.title} cannot be read ({type(error).__name__}: {error})."
        ) from error


def _last_below(storage: Storage, folder: str) -> str | None:
    folders, files = _listed(storage, folder)
    for each in sorted(folders, reverse=True):
        if found := _last_below(storage, f"{folder}/{each}"):
            return found
    # What is still being written has another ending.
    return max((f"{folder}/{file}" for file in files if file.endswith(".txt")), default=None)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _read(storage: Storage, name: str) -> TreeHead:
    with storage.open(name) as kept:
        return TreeHead.parse(kept.read().decode())

"""Files that are there whole or not at all, also after a power cut."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(file: Path, chunks: Iterable[bytes], *, mode: int, once: bool = False) -> None:
    """Write aside, force to disk, then put in place of what stands under the name, in one step.

    The folder exists. mode: the permissions, whatever the umask. once: never over an existing file, which another
    process may have been first to write: then FileExistsError.
    """
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            os.fchmod(handle, mode)
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(handle)
        if once:
            os.link(temporary, file)
        else:
            os.replace(temporary, file)
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """Without this the new name itself can be lost in a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The local storage of files: a file is there whole or not at all, also after a power cut."""

import os
import tempfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Writes into a temporary file of the same folder, forces it to disk, then renames it into place."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name stands for its content, so a second writer writes the same bytes under the same name."""
        return name

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        self._make(target.parent)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, self.file_permissions_mode or 0o640)
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _fsync_folder(target.parent)
        return name

    def _make(self, folder: Path) -> None:
        """The folder with those above it, each new one with the permissions that the storage is given."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        try:
            folder.mkdir()
        except FileExistsError:
            return  # another process was quicker, and only the owner may say who else writes there
        if self.directory_permissions_mode is not None:
            folder.chmod(self.directory_permissions_mode)


def _fsync_folder(folder: Path) -> None:
    """Without this the new name itself can be lost in a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

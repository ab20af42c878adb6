"""The local storage of files: a file is there whole or not at all, also after a power cut."""

from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from smki_pma.files.whole import write_whole


class DurableFileSystemStorage(FileSystemStorage):
    """Writes each file whole (write_whole), under its own name."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name stands for its content, so a second writer writes the same bytes under the same name."""
        return name

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        self._make(target.parent)
        write_whole(target, content.chunks(), mode=self.file_permissions_mode or 0o640)
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

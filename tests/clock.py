"""The clock that a test sets. It acts through a file, so that other processes follow."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SetClock:
    """Moves smki_pma.calendar.clock, which adds the offset in the file to the machine's time."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def set(self, at: datetime) -> None:
        """Make it this moment (aware)."""
        self._write(at - datetime.now(UTC))

    def advance(self, by: timedelta) -> None:
        """Make it later by this much."""
        self._write(self._offset() + by)

    def reset(self) -> None:
        """Follow the machine's time again."""
        self.file.unlink(missing_ok=True)

    def _offset(self) -> timedelta:
        return timedelta(seconds=float(self.file.read_text())) if self.file.exists() else timedelta()

    def _write(self, offset: timedelta) -> None:
        # Renamed into place: another process must never read half a number.
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(repr(offset.total_seconds()))
        fresh.replace(self.file)

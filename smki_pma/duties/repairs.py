"""The daily look through stored files: each room reports its own damage, by duties of a kind of its own."""

from collections.abc import Callable, Iterable
from typing import Any

from smki_pma.duties.models import Duty
from smki_pma.files.store import DamagedFile, open_verified


def check_files(
    rows: Iterable[Any],
    *,
    kind: str,
    report: Callable[[Any, str], object],
    close: Callable[[Any], object],
) -> dict[str, int]:
    """Read the file of every row (its `sha256`), report what is damaged and close what is whole again.

    kind: of the duties to restore a file. report: with the reason.
    """
    damaged = 0
    for kept in rows:
        try:
            open_verified(kept.sha256).close()
        except DamagedFile as damage:
            damaged += 1
            report(kept, damage.reason)
        else:
            if Duty.objects.open().about(kind, kept).exists():
                close(kept)
    return {"damaged": damaged}

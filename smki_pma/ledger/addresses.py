"""Reading what a machine asks for, with an answer that names what is wrong."""

import re
from dataclasses import dataclass

LARGEST = 1 << 62
TILE = re.compile(
    r"(?P<level>entries|\d{1,2})/(?P<number>(x\d{3}/)*\d{3})(\.p/(?P<width>\d{1,3}))?", re.ASCII
)


class BadAddress(ValueError):
    """The address asks for something that no log has. Its text begins with the name of the wrong part."""


@dataclass(frozen=True, slots=True)
class TileAddress:
    """A tile: level None for a bundle of entries; width 256 for a full one."""

    level: int | None
    number: int
    width: int


def whole_number(text: str | None, field: str) -> int:
    """A whole number from 0, without leading zeroes. Raises BadAddress."""
    if text is None or text == "":
        raise BadAddress(f"{field}: give a whole number from 0.")
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) >= LARGEST:
        raise BadAddress(f"{field}: {text[:40]!r} is not a whole number from 0.")
    if str(int(text)) != text:
        raise BadAddress(f"{field}: write {int(text)}, without leading zeroes.")
    return int(text)


def tile_address(rest: str) -> TileAddress:
    """The tile that a path names: <L>/<N>[.p/<W>] (C2SP tlog-tiles). Raises BadAddress."""
    match = TILE.fullmatch(rest)
    if match is None:
        raise BadAddress(
            "tile: write level/number or entries/number, as 0/x001/234, with .p/width if partial."
        )
    level = None if match["level"] == "entries" else whole_number(match["level"], "level")
    if level is not None and level > 63:
        raise BadAddress("level: it is at most 63.")
    parts = match["number"].split("/")
    if len(parts) > 6 or (len(parts) > 1 and parts[0] == "x000"):
        raise BadAddress("number: there is no such tile.")
    number = int("".join(part[-3:] for part in parts))
    width = 256 if match["width"] is None else whole_number(match["width"], "width")
    if match["width"] is not None and not 1 <= width <= 255:
        raise BadAddress("width: a partial tile has 1 to 255 hashes.")
    return TileAddress(level, number, width)

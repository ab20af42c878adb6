"""What machines may ask for."""

import pytest

from smki_pma.ledger.addresses import BadAddress, TileAddress, tile_address, whole_number


@pytest.mark.parametrize(
    ("rest", "tile"),
    [
        ("0/000", TileAddress(0, 0, 256)),
        ("0/000.p/1", TileAddress(0, 0, 1)),
        ("1/x001/x234/067", TileAddress(1, 1234067, 256)),
        ("entries/x001/000.p/255", TileAddress(None, 1000, 255)),
        ("63/001", TileAddress(63, 1, 256)),
    ],
)
def test_tile_paths(rest: str, tile: TileAddress) -> None:
    assert tile_address(rest) == tile


@pytest.mark.parametrize(
    ("rest", "part"),
    [
        ("0/1", "tile"),
        ("0/x001", "tile"),
        ("0/001/002", "tile"),
        ("64/000", "level"),
        ("00/000", "level"),
        ("0/000.p/0", "width"),
        ("0/000.p/256", "width"),
        ("0/000.p/01", "width"),
        ("0/x000/001", "number"),
        ("data/000", "tile"),
        ("0/٠٠٠", "tile"),
    ],
)
def test_wrong_tile_paths_name_the_wrong_part(rest: str, part: str) -> None:
    with pytest.raises(BadAddress, match=f"^{part}: "):
        tile_address(rest)


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", "abc", "01", "²", "9" * 30])
def test_wrong_numbers_name_the_field(text: str | None) -> None:
    with pytest.raises(BadAddress, match=r"^from: "):
        whole_number(text, "from")

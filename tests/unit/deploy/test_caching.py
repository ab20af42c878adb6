import pickle

import pytest

from smki_pma.settings.caching import JsonSerializer


@pytest.mark.parametrize("value", [7, True, [1790000000.25, 1790000001.5], "y", None])
def test_what_is_kept_comes_back(value: object) -> None:
    kept = JsonSerializer().dumps(value)
    assert JsonSerializer().loads(str(kept).encode() if isinstance(kept, int) else kept) == value


def test_a_whole_number_is_left_for_redis_to_count_with() -> None:
    assert type(JsonSerializer().dumps(7)) is int
    assert JsonSerializer().dumps(True) == b"true"


def test_a_pickle_is_refused() -> None:
    with pytest.raises(ValueError, match="decode"):
        JsonSerializer().loads(pickle.dumps(["code"]))

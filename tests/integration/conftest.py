"""What every integration test may use."""

from collections.abc import Iterator

import pytest

from certification.authorities.keys import containers


@pytest.fixture(autouse=True, scope="module")
def _light_containers() -> Iterator[None]:
    """Key files that cost little to write and to open, as passwords in tests do; the unit tests have the full cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(containers, "_COST", 2**4)
        yield

"""Makes the fixture `desk` available to the tests of the documents, and the demo as played in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, desk

if TYPE_CHECKING:
    from tests.desk import Desk

__all__ = ["desk"]


@pytest.fixture(scope="session")
def demos(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    """Returns by language the desk in whose folder the demo was played. Tests copy the folder."""
    with at_a_desk(tmp_path_factory.mktemp("demo")) as swedish:
        swedish.does("demo", ".", "--lang", "sv")
    return {"en": demo, "sv": swedish}

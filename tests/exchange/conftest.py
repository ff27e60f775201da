"""Makes the fixture `desk` available to the tests of exchange."""

from __future__ import annotations

from tests.desk import desk

__all__ = ["desk"]

"""Makes the fixture `desk` available to the tests of this folder."""

from __future__ import annotations

from tests.desk import desk

__all__ = ["desk"]

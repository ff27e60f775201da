"""Makes the fixture `desk` available to these tests."""

from __future__ import annotations

from tests.desk import desk

__all__ = ["desk"]

"""The desk that these tests sit at."""

from __future__ import annotations

from tests.desk import desk

__all__ = ["desk"]

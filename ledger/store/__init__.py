"""The store of a ledger. Opening never creates, and creating never overwrites. Only this package speaks SQL.

Each name is imported on first use, so that shell completion can look into a file without loading SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.store.api import UNSEEN, Mark, Store
    from ledger.store.memory import MemoryStore
    from ledger.store.places import SERVERS, beside, copied, creating, open_store, upgrade_server
    from ledger.store.recorder import SqlStore

__all__ = [
    "SERVERS",
    "UNSEEN",
    "Mark",
    "MemoryStore",
    "SqlStore",
    "Store",
    "beside",
    "copied",
    "creating",
    "open_store",
    "upgrade_server",
]

_ELSEWHERE = {"MemoryStore": "memory", "SqlStore": "recorder", **dict.fromkeys(("UNSEEN", "Mark", "Store"), "api")}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'places')}"), name)

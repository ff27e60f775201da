"""Whether what makes and reads papers is installed: the extra `papers`. Importing this module imports none of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import Unusable
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def needing_papers() -> Iterator[None]:
    """Raises Unusable, which says what to install, where what makes and reads papers is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        told = msg("papers need {module}: pip install 'liggare[papers]'", module=str(error.name))
        raise Unusable(told) from None

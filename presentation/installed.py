"""Whether what an extra brings is installed. Importing this module imports none of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import Unusable
from ledger.messages import filled, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

LACKS = {  # extra → what is told where a module of it is missing
    "papers": marked("papers need {module}: pip install 'liggare[papers]'"),
    "exchange": marked("files of other programs need {module}: pip install 'liggare[exchange]'"),
}


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Raises Unusable, which says what to install, where what an extra brings is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise Unusable(filled(LACKS[extra], {"module": str(error.name)})) from None

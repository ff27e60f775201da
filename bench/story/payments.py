"""Generates payments: instalments by the ten municipalities, on exact days of three and a half years. A ledger of the
first thousand entries of the story accepts them. `python -m bench.story.payments 20000 > payments.jsonl`.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import orjson

from cli.story.cast import MUNICIPALITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, DAYS = date(2023, 4, 1), 1_300  # The last payment is made in October 2026: no day lies in the future.


def lines(payments: int) -> Iterator[bytes]:
    """Yields the lines of an import file, in order of day."""
    random = Random(2024)  # noqa: S311 - a fixed seed gives the same payments each time
    for number in range(payments):
        on = FIRST + timedelta(days=number * DAYS // payments)
        payment = {
            "event": "payment-made",
            "valid_on": on.isoformat(),
            "source": {"organ": "official", "paragraph": f"§ {random.randint(1, 180)}"},
            "party": random.choice(MUNICIPALITIES),
            "year": on.year,
            "instalment": 1 + (on.month > 6),
            "amount": random.randrange(50_000, 9_000_000),
            "reference": f"{on.year}-{number}",
        }
        yield orjson.dumps(payment) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.writelines(lines(int(sys.argv[1])))

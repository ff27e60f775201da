"""Writes a journal for `ledger` and `hledger`: `python accounts.py TRANSACTIONS > journal`. Each transaction is a
payment from one of ten parties to the region.
"""

from __future__ import annotations

import sys
from random import Random

PARTIES = 10


def main(transactions: int) -> None:
    """Prints one payment per transaction, with two postings."""
    random = Random(2023)  # noqa: S311 - a fixed seed gives the same payments each time
    for number in range(transactions):
        day = f"{2023 + number * 40 // transactions}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
        ore, party = random.randrange(50_000, 9_000_000), random.randrange(PARTIES)
        amount = f"{ore // 100}.{ore % 100:02d} SEK"
        print(f"{day} * payment {number}\n    Assets:Region  {amount}\n    Liabilities:Party{party}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

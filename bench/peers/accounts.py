"""A journal for `ledger` and `hledger`: `python accounts.py TRANSACTIONS > journal`. Payments of ten parties to one."""

from __future__ import annotations

import sys
from random import Random

PARTIES = 10


def main(transactions: int) -> None:
    """A payment a transaction, two postings each."""
    random = Random(2023)  # noqa: S311 - chance as in a story, the same each time
    for number in range(transactions):
        day = f"{2023 + number * 40 // transactions}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
        ore, party = random.randrange(50_000, 9_000_000), random.randrange(PARTIES)
        amount = f"{ore // 100}.{ore % 100:02d} SEK"
        print(f"{day} * payment {number}\n    Assets:Region  {amount}\n    Liabilities:Party{party}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

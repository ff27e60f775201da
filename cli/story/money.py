"""The story's costs. Population figures are real; every claim, payment, commitment and index figure is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli.story.steps import Step, line, write
from ledger.messages import marked
from ledger.profile import shipped
from ledger.state.costs.apportion import apportioned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POPULATION = "vastmanland-population.jsonl"
LEVEL = 1_484_000_000  # öre a year, from 2023 to 2025
LEASE = 36_000_000  # öre, for 730 days; 181 of these days are after the end
SHORT, LATE = "norberg", "fagersta"
# (year, instalment, day of the claim, year of the population used, day on which all municipalities pay).
CLAIMED = (
    (2023, 1, "2023-03-15", 2022, "2023-03-31"),
    (2023, 2, "2023-07-03", 2022, "2023-07-28"),
    (2024, 1, "2024-01-08", 2022, "2024-01-30"),
    (2024, 2, "2024-07-01", 2023, "2024-07-30"),
    (2025, 1, "2025-01-08", 2023, "2025-01-30"),
)
Amounts = dict[str, int]


def figures(year: int) -> Amounts:
    """Returns the population on 31 December of a year, by municipality, from the file shipped with the program."""
    events = map(json.loads, shipped(POPULATION).splitlines())
    found = next(event for event in events if event["counted_on"] == f"{year}-12-31")
    return {party: int(count) for party, count in found["figures"].items()}


def claimed() -> Iterator[tuple[int, int, Amounts]]:
    """Yields (year, instalment, amounts) for every instalment of 2023 to 2025, including the last, claimed in the
    story.
    """
    first: Amounts = {}
    for year, instalment, of in (*((one[0], one[1], one[3]) for one in CLAIMED), (2025, 2, 2024)):
        shares = apportioned(LEVEL, figures(of))
        if instalment == 1:
            first = {party: share // 2 for party, share in shares.items()}
            yield year, 1, first
        else:
            yield year, 2, {party: share - first[party] for party, share in shares.items()}


def population(folder: Path) -> None:
    """Writes the population by which the cost of 2023 is shared."""
    _published(folder / "population-2022.jsonl", 2022)


def more_population(folder: Path) -> None:
    """Writes the population by which the cost of 2024 and 2025 is shared."""
    _published(folder / "population-2023-2024.jsonl", 2023, 2024)


def last_population(folder: Path) -> None:
    """Writes the population by which the costs after the end are shared."""
    _published(folder / "population-2025.jsonl", 2025)


def _published(path: Path, *years: int) -> None:
    texts = shipped(POPULATION).decode().splitlines()
    write(path, [text for text in texts if json.loads(text)["counted_on"] in {f"{year}-12-31" for year in years}])


def accounts(folder: Path) -> None:
    """Writes the claims from 2023 to the spring of 2025, and their payments, all in time."""
    lines = []
    for (year, instalment, amounts), (*_, on, of, paid_on) in zip(claimed(), CLAIMED, strict=False):
        lines.append(line("instalment-claimed", on, "official", year=year, instalment=instalment, amounts=amounts,
                          level=LEVEL, counted_on=f"{of}-12-31"))  # fmt: skip
        lines += [line("payment-made", paid_on, "official", party=party, year=year, instalment=instalment,
                       amount=amount) for party, amount in amounts.items()]  # fmt: skip
    write(folder / "accounts.jsonl", lines)


def payments(folder: Path) -> None:
    """Writes the bank's export for the autumn of 2025: one payment is late, and one is 5 000 kr short."""
    *_, (_, _, amounts) = claimed()
    rows = ["on;organ;party;year;instalment;amount;reference"]
    for number, (party, amount) in enumerate(amounts.items(), 1):
        on = "2025-08-13" if party == LATE else "2025-07-30"
        whole, rest = divmod(amount - (500_000 if party == SHORT else 0), 100)
        kronor = f"{whole:,}".replace(",", " ")
        rows.append(f"{on};official;{party};2025;2;{kronor},{rest:02};OCR 25-2-{number:02}")
    write(folder / "payments.csv", rows)


def agreed(folder: Path) -> None:
    """Writes the shares that the parties agree on, which are the computed shares."""
    after_the_end = apportioned((LEASE * 181 * 2 + 730) // (730 * 2), figures(2025))
    shares = {party: sum(apportioned(LEVEL, figures(year))[party] for year in (2022, 2023, 2024))
              for party in after_the_end}  # fmt: skip
    text = json.dumps({**{party: share + after_the_end[party] for party, share in shares.items()}, "region": 0})
    (folder / "agreed.json").write_text(text, "utf-8")


FILES = ("population-2022.jsonl", "population-2023-2024.jsonl", "population-2025.jsonl", "accounts.jsonl",
         "payments.csv", "agreed.json")  # fmt: skip
FIRST = (
    Step("2023-03-13", marked("The real figures ship with the program; those of 31 December 2022 came in February."),
         "liggare import population-2022.jsonl", first=population),
    Step("2023-03-13", marked("Asked again."), "liggare findings"),
)  # fmt: skip
CHAPTER = (
    Step("2025-06-30", marked("The money. First the population of two more years, as published."),
         "liggare import population-2023-2024.jsonl", first=more_population),
    Step("2025-06-30", marked("Claims and payments from 2023 to the spring of 2025: all is paid."),
         "liggare import accounts.jsonl", first=accounts),
    Step("2025-06-30", marked("The Region has rented rooms for the secretariat, until the summer of 2026."),
         "liggare record commitment-made --commitment lokal --description 'Lokal för sekretariatet' "
         f"--amount {LEASE} --since 2024-07-01 --until 2026-07-01 --on 2024-06-20 --organ official"),
    Step("2025-07-01",
         marked("The autumn's instalment: computed and recorded. What the spring claimed too much or too little "
         "is trued up."), "liggare claim 2025 2"),
    Step("2025-08-18", marked("The bank's export, in kronor."), "head -n 3 payments.csv", first=payments),
    Step("2025-08-18", marked("It is recorded as it is."), "liggare import payments.csv --csv payment-made"),
    Step("2025-08-18", marked("What has each paid, and what is owed? Fagersta was late, Norberg paid too little."),
         "liggare costs 2025"),
    Step("2025-08-18", marked("Both stay breaches: the late one for ever, the short one until the rest is paid."),
         "liggare findings --provision two-instalments", code=1),
    Step("2025-08-18", marked("Norberg's account."), "liggare costs 2025 --party norberg"),
    Step("2025-09-29",
         marked("An index figure, made up as an example (EXEMPEL): by it the level of 2026 would be raised."),
         "liggare record index-published --series LPIK --reference-year 2025 --percent 2.9 --kind forecast "
         "--on 2025-02-17 --organ authority --dnr EXEMPEL"),
    Step("2025-09-29",
         marked("From which level, raised by what? The figures that share it are not out yet: no guess is made."),
         "liggare costs 2026 --explain"),
    Step("2025-09-29", marked("Hallstahammar asks what it would be to withdraw from December on. Nothing is recorded."),
         "liggare settlement --if-withdraws hallstahammar --ends-on 2025-12-01"),
)  # fmt: skip
END = (
    Step("2026-01-12",
         marked("The settlement: what cost goes on after the end is shared by figures that are not out yet."),
         marked("liggare settlement | grep -e hallstahammar -e Proposed -e tell -e Known")),
    Step("2026-03-09", marked("They are now."), "liggare import population-2025.jsonl", first=last_population),
    Step("2026-03-09",
         marked("Accrued and remaining cost, what was paid, and who pays whom, so that nobody owes anything."),
         "liggare settlement"),
    Step("2026-03-09", marked("On which words does it rest, read how, and what is still to be done?"),
         "liggare explain settlement-agreement"),
    Step("2026-04-13", marked("The parties agree on it, as section 7 demands."),
         "liggare record settlement-agreed --shares @agreed.json --on 2026-04-09 --organ body", first=agreed),
    Step("2026-04-13", marked("Agreed,"), "liggare settlement | head -n 2"),
    Step("2026-04-13", marked("and the proposal as it stood in March."),
         "liggare settlement --on 2026-03-09 --known-at @245 | head -n 2"),
)  # fmt: skip

"""Lists cases of the provisions in section 5 and on the settlement: cost bearers, cost level, shares, instalments,
projects, the end.
"""

from __future__ import annotations

from tests.acts import annulled, reading, withdrew
from tests.given_money import (
    LEVEL,
    TEN,
    borne,
    claimed,
    commitment,
    financed,
    index,
    level_set,
    paid,
    population,
    project,
    raise_agreed,
    settled,
)
from tests.provisions.case import BASES, PROPOSED, Case, advises, breaks, nothing, open_, passes, refuses, silent

FIGURES, OF_2023 = population("2022-02-22", "2021-12-31"), population("2024-02-22", "2023-12-31")
CLAIM = claimed("2024-01-08", 2024, 1, {"sala": 1000})
SALA, YEAR = "claim:sala/2024/1", "year:2024"
# AFTER is the position of the first entry after those of the base `in-force`
AFTER = len((PROPOSED, *BASES["in-force"])) + 1
IN_TIME, LATE = paid("2024-02-01", "sala", 1000, 2024, 1), paid("2024-02-02", "sala", 1000, 2024, 1)
WITHDRAWN = withdrew("2024-03-15", "sala", ends_on="2025-01-01")
ENDED = [WITHDRAWN, population("2023-02-21", "2022-12-31"), population("2024-02-22", "2023-12-31")]
BIKES = project("cykel", "2024-01-01")
ALL = [financed("2024-02-01", "cykel", party) for party in (*TEN, "region")]

CASES: dict[str, tuple[Case, ...]] = {
    "region-bears-secretariat": (
        passes("the Region bears it", "2024-05-01", borne("2024-05-01", "archive", "region")),
        breaks("a municipality bears it", "2024-05-01", borne("2024-05-01", "archive", "sala"), line=True,
               says="which region bears"),
        silent("nothing is recorded", "2024-05-01", says="no cost of secretariat, archive, administration"),
    ),
    "own-members-paid": (
        passes("to its own members", "2024-05-01", borne("2024-05-01", "fees", "sala", for_party="sala")),
        breaks("to another's members", "2024-05-01", borne("2024-05-01", "fees", "region", for_party="sala"), line=True,
               says="to members of sala, which pays its own"),
        open_("to whom is not recorded", "2024-05-01", borne("2024-05-01", "fees", "sala")),
    ),
    "cost-level": (
        passes("the base year", "2023-01-01", says="the level of 2023 is 14 840 000,00 kr"),
        passes("the last frozen year", "2025-12-31", line=True, says="the level of 2025 is 14 840 000,00 kr"),
        open_("a year whose raise is missing", "2026-01-01", line=True, says="LPIK for 2025"),
    ),
    "by-population": (
        passes("published", "2023-02-21", population("2023-02-21", "2022-12-31"), line=True,
               says="shared by the population of 2022-12-31"),
        passes("the year before last, until the first due day", "2023-02-01", FIGURES, line=True,
               says="instalment 1 of 2023 rests on 2021-12-31"),
        advises("the year before last, after it", "2023-02-02", FIGURES, line=True,
                says="instalment 2 of 2023 is due on 2023-08-01"),
        open_("published, and not of every municipality", "2023-02-01",
              population("2022-02-22", "2021-12-31", dict.fromkeys(TEN[:-1], 1)), line=True,
              says=f"population of {TEN[-1]} on 2021-12-31 is missing, so instalment 1 of 2023"),
        breaks("nothing published", "2023-01-01", line=True, says="no population is published"),
        open_("never published", "2023-08-02", line=True, says="is not published"),
    ),
    "two-instalments": (
        passes("paid on the due day", "2024-02-02", CLAIM, IN_TIME, line=True, about=SALA),
        breaks("paid the day after", "2024-02-02", CLAIM, LATE, line=True, about=SALA, says="1 day late"),
        passes("not paid on the due day", "2024-02-01", CLAIM, line=True, about=SALA, says="by 2024-02-01"),
        breaks("not paid the day after", "2024-02-02", CLAIM, line=True, about=SALA, says="has not paid"),
        breaks("paid in part", "2024-02-02", CLAIM, paid("2024-02-01", "sala", 999, 2024, 1), line=True, about=SALA,
               says="has paid 9,99 kr of 10,00 kr"),
        nothing("not claimed on the due day", "2024-02-01", line=True, about=SALA),
        open_("not claimed the day after", "2024-02-02", line=True, about=SALA),
        silent("due from the end on", "2024-02-02", CLAIM, withdrew("2024-01-10", "sala", ends_on="2024-02-01"),
               line=True, about=SALA),
        breaks("due on the last day in force", "2024-02-02", CLAIM,
               withdrew("2024-01-10", "sala", ends_on="2024-02-02"), line=True, about=SALA),
        refuses("claimed twice", CLAIM, claimed("2024-01-09", 2024, 1, {"koping": 1}), says="was claimed already"),
        open_("the second claims what the first has claimed", "2024-07-01", FIGURES, OF_2023,
              claimed("2024-01-08", 2024, 1, {"sala": LEVEL}), claimed("2024-07-01", 2024, 2, {"sala": 1}), about=YEAR,
              line=True, says="claim 14 840 000,01 kr together"),
        open_("the first is annulled, and the second rests on it", "2024-07-01", CLAIM,
              claimed("2024-07-01", 2024, 2, {"sala": 1}), annulled(AFTER, cause="quashed"), base="in-force",
              about=YEAR, says="what instalment 1, entry"),
    ),
    "indexation": (
        passes("published on the day", "2026-01-01", index("2025-03-01", 2025, "2.5"), line=True, about="year:2026",
               says="by 2.5 per cent, by the index"),
        open_("published the day after", "2026-01-01", index("2025-03-02", 2025, "2.5"), line=True, about="year:2026"),
        passes("another raise, agreed on the last day", "2025-08-31", raise_agreed("2025-08-31", 2026, "1"), line=True,
               about="year:2026"),
        breaks("agreed the day after", "2025-09-01", raise_agreed("2025-09-01", 2026, "1"), line=True,
               about="year:2026", says="has no effect on the level"),
    ),
    "no-indexation-2024-2025": (
        passes("a raise agreed for the year after", "2025-05-01", raise_agreed("2025-05-01", 2026, "1"), line=True,
               about="year:2026"),
        breaks("a raise agreed for the last of them", "2024-05-01", raise_agreed("2024-05-01", 2025, "1"), line=True,
               about="year:2025", says="a year without raise"),
    ),
    "reassessment": (
        passes("the base year's term needs none", "2026-12-31", line=True, about="term:2023"),
        breaks("none by the first day of the next", "2027-01-01", line=True, about="term:2027"),
        passes("unchanged, but set", "2027-01-01", level_set("2027-01-01", 2027), line=True, about="term:2027"),
        breaks("none by the first day of the assemblies' term", "2026-10-15",
               reading("2026-01-01", "reassessment-term", "assembly"), line=True, about="term:2027"),
        passes("the day before the assemblies' term", "2026-10-14",
               reading("2026-01-01", "reassessment-term", "assembly"), line=True, about="term:2023"),
        breaks("set for the year after", "2027-01-01", level_set("2026-12-01", 2028), about="term:2027"),
    ),
    "projects": (
        passes("nobody has decided", "2024-05-01", BIKES, says="no project has extra financing"),
        passes("all eleven, in their boards", "2024-05-01", BIKES, ALL, about="project:cykel", says="is decided by"),
        advises("all but one", "2024-05-01", BIKES, ALL[1:], line=True, about="project:cykel", says="not by arboga"),
        breaks("decided by the body", "2024-05-01", BIKES, financed("2024-02-01", "cykel", "region", organ="body"),
               line=True, says="neither assembly nor executive-board"),
    ),
    "settlement-agreement": (
        passes("the last day in force", "2024-12-31", WITHDRAWN, line=True, says="has not ended"),
        breaks("none on the end", "2025-01-01", WITHDRAWN, line=True, says="no agreement on accrued and remaining"),
        passes("agreed on the end", "2025-01-01", ENDED, settled("2025-01-01", {"sala": 2 * LEVEL}), line=True,
               says="were settled on 2025-01-01"),
        breaks("an öre too much", "2025-01-01", ENDED, settled("2025-01-01", {"sala": 2 * LEVEL + 1}), line=True,
               says="a difference of 0,01 kr"),
        open_("what is accrued cannot be told", "2025-01-01", WITHDRAWN, settled("2025-01-01", {"sala": 1}),
              says="population of 2022-12-31"),
        breaks("the cost of a commitment is left out", "2025-01-01", ENDED, population("2025-01-01", "2024-12-31"),
               commitment("2024-06-01", "hyra", 100, "2024-07-01", "2025-07-01"),
               settled("2025-01-01", {"sala": 2 * LEVEL}), says="a difference of -0,50 kr"),
    ),
}  # fmt: skip

"""Lists cases of the provisions in the agreement's head and in section 7: adoption, amendment, end of the agreement."""

from __future__ import annotations

from tests.acts import ALL, act, adopted, called, fixed, proposed, rejected, revoked, withdrew
from tests.given_money import commitment
from tests.provisions.case import Case, breaks, nothing, open_, passes, refuses, silent

OTHERS = ALL - {"sala"}
SECOND = [proposed(2, "2024-07-01", on="2024-01-15"), *adopted("2024-03-01", version=2, by=OTHERS)]
ENDED = withdrew("2024-05-01", "sala", ends_on="2025-01-01")

CASES: dict[str, tuple[Case, ...]] = {
    "adopted-by-every-assembly": (
        passes("ten of eleven have adopted it", "2022-12-01", adopted("2022-12-01", by=OTHERS), base="text",
               says="10 of 11 assemblies have adopted version 1; it awaits sala"),
        passes("the last adopts on the very first day", "2023-01-01", adopted("2022-12-01", by=OTHERS),
               adopted("2023-01-01", by={"sala"}), base="text", line=True, says="took effect on 2023-01-01"),
        breaks("the last adopts the day after", "2023-01-02", adopted("2022-12-01", by=OTHERS),
               adopted("2023-01-02", by={"sala"}), base="text", line=True),
    ),
    "adopted-by-an-assembly": (
        passes("the assembly decides", "2022-12-01", adopted("2022-12-01", by={"sala"}), base="text"),
        refuses("its executive board decides",
                act("agreement-rejected", "2022-12-01", organ="executive-board", version=1, assembly="sala"),
                base="text", line=True),
        passes("its assembly withdraws", "2024-05-01", withdrew("2024-05-01", "sala", ends_on="2025-01-01")),
        open_("its executive board withdraws", "2024-05-01",
              act("withdrawal-decided", "2024-05-01", organ="executive-board", party="sala"), line=True,
              says="it ends nothing"),
    ),
    "amended-by-unanimity": (
        passes("no amendment", "2024-01-01", says="no amendment"),
        passes("the last has not decided", "2024-12-31", SECOND, says="it awaits sala"),
        passes("one rejects it", "2024-12-31", SECOND, rejected("2024-05-01", version=2, by={"sala"}),
               says="is stopped: sala rejected it"),
        passes("rejected on the day before it would apply", "2024-12-31", SECOND,
               rejected("2024-06-30", version=2, by={"sala"}), line=True),
        passes("it leaves a party out, and its seats end", "2024-06-30",
               proposed(2, "2024-07-01", on="2024-01-15", parties=OTHERS), adopted("2024-05-01", version=2), line=True,
               about="party:sala", says="leaves sala out from 2024-07-01"),
        breaks("rejected once in force", "2024-07-01", SECOND, adopted("2024-05-01", version=2, by={"sala"}),
               rejected("2024-07-01", version=2, by={"koping"}), line=True, says="so it changes nothing"),
        passes("fixed to the last day that the wording leaves open", "2024-02-01",
               proposed(2, "2024-07", on="2024-01-15"), fixed("2024-02-01", "2024-07-31", version=2), line=True,
               about="version:2"),
        breaks("fixed to the day after", "2024-02-01", proposed(2, "2024-07", on="2024-01-15"),
               fixed("2024-02-01", "2024-08-01", version=2), line=True),
        breaks("its start fixed anew on its first day", "2024-07-01", SECOND,
               adopted("2024-05-01", version=2, by={"sala"}), fixed("2024-07-01", "2024-08-01", version=2), line=True,
               says="so that changes nothing"),
        refuses("adopted twice", SECOND, adopted("2024-03-02", version=2, by={"koping"})),
        breaks("adopted again when in force", "2024-03-01", adopted("2024-03-01", by={"sala"})),
        refuses("by one that is a party to neither version", proposed(2, "2024-07-01", parties=OTHERS),
                adopted("2024-03-01", version=2), proposed(3, "2025-07-01", parties=OTHERS),
                adopted("2024-07-01", version=3, by={"sala"}), line=True),
    ),
    "until-further-notice": (
        passes("nobody leaves", "2100-01-01", says="until further notice"),
        passes("the day before one decides to leave", "2024-04-30", ENDED, says="until further notice"),
        passes("the last day before the end", "2024-12-31", ENDED,
               line=True, says="until sala leaves it"),
        nothing("the first day without it", "2025-01-01", ENDED,
                line=True),
    ),
    "ends-when-one-withdraws": (
        passes("nobody withdraws", "2024-01-01", says="nothing ends the agreement"),
        passes("one withdraws", "2025-01-01", ENDED,
               says="ended for all, from 2025-01-01"),
        breaks("one withdraws on the first day, from that day on", "2023-05-01", withdrew("2023-01-01", "sala"),
               base="in-force"),
        refuses("one withdraws the day before the first", withdrew("2022-12-31", "sala", ends_on="2023-02-01"),
                line=True),
        refuses("one withdraws on the first day without it", ENDED, withdrew("2025-01-01", "koping"), line=True),
        passes("it ends on the day of the decision", "2024-05-01", withdrew("2024-05-01", "sala", ends_on="2024-05-01"),
               line=True),
        refuses("it ends before the decision", withdrew("2024-05-01", "sala", ends_on="2024-04-30"), line=True),
        open_("it ends when an amendment has left the party out", "2024-07-01",
              proposed(2, "2024-07-01", on="2024-01-15", parties=OTHERS), adopted("2024-05-01", version=2),
              withdrew("2024-06-01", "sala", ends_on="2024-07-02"), line=True, about="party:sala",
              says="the withdrawal ends nothing"),
        passes("taken back on the last day", "2025-01-01", ENDED,
               revoked("2024-12-31", "sala"), line=True, says="no withdrawal is in effect"),
        refuses("taken back on the first day without it", ENDED,
                revoked("2025-01-01", "sala"), line=True),
    ),
    "in-force": (
        passes("a meeting called on the last day", "2025-01-01", ENDED,
               called("m1", "2024-12-31", "2025-02-01"), line=True, about="meeting:m1"),
        breaks("a meeting called on the first day without it", "2025-01-01",
               ENDED, called("m1", "2025-01-01", "2025-02-01"), line=True),
        silent("a meeting called before the first day", "2023-01-01", called("m1", "2022-12-31", "2023-02-01"),
               line=True, about="meeting:m1"),
        breaks("a commitment made on the first day without it", "2025-01-01", ENDED,
               commitment("2025-01-01", "c1", 100, "2024-01-01", "2026-01-01"), line=True),
    ),
}  # fmt: skip

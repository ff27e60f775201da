"""Lists cases of the provisions in sections 2.1 and 2.2: the body's tasks, and the body's members."""

from __future__ import annotations

from tests.acts import act, board, changed, expert, full_body, regionals, released, seated, vacated, vice_chair
from tests.given_working import duty_moved, meeting, signed
from tests.provisions.case import FIRST_DAY, Case, advises, breaks, nothing, open_, passes, refuses, silent

TOPICS = ("regional-development-strategy", "transport-infrastructure-plan", "culture-plan",
          "public-transport-programme", "local-care", "eu-matters")  # fmt: skip
PREPARED = [{"number": place, "title": topic, "kind": "information", "topic": topic}
            for place, topic in enumerate(TOPICS, 1)]  # fmt: skip
MORE = regionals("2024-01-01", 10)[5:]  # the appointments of the Region's members six to ten
RETIRED = vacated("sala-2", "2024-05-01")
SUCCESSOR = seated("p1", "sala", "opposition-leader", "2024-05-01", political_party="Beta")

CASES: dict[str, tuple[Case, ...]] = {
    "tasks": (
        passes("a meeting of the term, its items by kind and topic", "2026-12-31",
               meeting("m1", "2026-12-31", agenda=PREPARED), line=True,
               says="2026-12-31: 1; recommendations: 0; items by kind: information 6; by topic: culture-plan 1,"),
        passes("a meeting of the next term", "2027-01-01", meeting("m1", "2027-01-01", agenda=PREPARED), line=True,
               says="2026-12-31: 0; recommendations: 0"),
        nothing("before it is in force", "2022-12-31", line=True),
    ),
    "mandatory-topics": (
        passes("all six stood on an agenda", "2027-01-01", meeting("m1", "2026-12-31", agenda=PREPARED), line=True,
               about="term:2023"),
        passes("not yet, on the term's last day", "2026-12-31", line=True, says="has not yet stood"),
        advises("none of them when the term is over", "2027-01-01", line=True),
        advises("all six a day too late", "2027-01-02", meeting("m1", "2027-01-01", agenda=PREPARED), line=True,
                about="term:2023"),
    ),
    "attached-to-board": (
        passes("on the first day in force", "2023-01-01", line=True, says="Regionstyrelsen i Region Västmanland"),
        nothing("the day before", "2022-12-31", line=True),
    ),
    "size": (
        passes("25 members", "2024-05-01", line=True, says="25 members"),
        breaks("24 members", "2024-05-01", vacated("sala-2", "2024-05-01"), line=True, says="24 members, not"),
        passes("25 on the day that one leaves and one comes", "2024-05-01", RETIRED, SUCCESSOR, line=True),
        passes("30 members", "2024-05-01", MORE, line=True, says="30 members"),
        refuses("31 members", MORE, seated("p1", "region", "board-party", "2024-05-01"), line=True),
    ),
    "two-per-municipality": (
        passes("every seat filled", "2024-05-01", says="every seat is filled"),
        passes("vacated and filled on one day", "2024-05-01", RETIRED, SUCCESSOR, line=True),
        passes("the last day in the seat", "2024-04-30", RETIRED, line=True),
        breaks("the first day without", "2024-05-01", RETIRED, line=True, says="sala has no opposition-leader"),
        refuses("a second holder", seated("p1", "sala", "opposition-leader", "2024-05-01")),
        refuses("a second holder on the last day in the seat", RETIRED,
                seated("p1", "sala", "opposition-leader", "2024-04-30"), line=True),
        refuses("one who sits for another", RETIRED, seated("koping-1", "sala", "opposition-leader", "2024-05-01")),
        refuses("appointed by the Region", seated("p1", "region", "executive-chair", "2024-05-01")),
        breaks("the opposition's representative is of the majority", "2024-05-01", RETIRED,
               seated("p1", "sala", "opposition-leader", "2024-05-01", bloc="majority"), says="is of the majority"),
        open_("where there is no opposition", "2024-05-01", RETIRED,
              seated("p1", "sala", "opposition-leader", "2024-05-01", bloc="none"), says="there is no opposition"),
    ),
    "region-seats": (
        passes("five", "2024-05-01", line=True),
        breaks("four", "2024-05-01", vacated("region-5", "2024-05-01"), line=True),
        passes("ten", "2024-05-01", MORE, line=True),
        refuses("eleven", MORE, seated("p1", "region", "board-party", "2024-05-01"), line=True),
        breaks("no chair of the board among them", "2024-05-01", vacated("region-1", "2024-05-01")),
        refuses("a second board-chair", seated("p1", "region", "board-chair", "2024-05-01")),
        refuses("a third of the board's presidium", seated("p1", "region", "board-presidium", "2024-05-01")),
        refuses("one who sits for a municipality", seated("sala-1", "region", "board-party", "2024-05-01")),
        refuses("appointed by a municipality", seated("p1", "sala", "board-party", "2024-05-01")),
    ),
    "every-board-party": (
        passes("each has a member", "2024-05-01"),
        passes("one only through a municipality", "2024-05-01", vacated("region-5", "2024-05-01"),
               changed("sala-2", "2024-05-01", political_party="Gamma"), line=True),
        breaks("one has none", "2024-05-01", vacated("region-5", "2024-05-01"), line=True, says="Gamma has 2 seats"),
        open_("the board's composition is not known", "2024-05-01", full_body(FIRST_DAY), base="in-force"),
    ),
    "mirrors-majority": (
        passes("the side with more seats has more members", "2024-05-01", says="13 members of the Region's majority"),
        advises("as many members as the others", "2024-05-01", vacated("sala-1", "2024-05-01"), line=True),
        passes("one more than the others", "2024-05-01", vacated("sala-1", "2024-05-01"),
               vacated("sala-2", "2024-05-01"), line=True),
        open_("the board's composition is not known", "2024-05-01", full_body(FIRST_DAY), base="in-force"),
        silent("the board's sides are as many", "2024-05-01", board("2024-05-01", Alfa=5, Beta=5)),
    ),
    "chair": (
        passes("the regional board's chair", "2024-04-30", vacated("region-1", "2024-05-01"), line=True,
               says="region-1 chairs"),
        silent("from the first day without one", "2024-05-01", vacated("region-1", "2024-05-01"), line=True),
    ),
    "vice-chairs": (
        passes("three in their posts", "2024-05-01"),
        breaks("a post without a holder", "2024-05-01", released("arboga-1", "first-vice-chair", "2024-05-01"),
               line=True, says="nobody is first-vice-chair"),
        passes("left and filled on one day", "2024-05-01", released("arboga-1", "first-vice-chair", "2024-05-01"),
               vice_chair("sala-1", "first-vice-chair", "2024-05-01"), line=True),
        refuses("from the wrong side", released("arboga-1", "first-vice-chair", "2024-05-01"),
                vice_chair("sala-2", "first-vice-chair", "2024-05-01")),
        refuses("a second holder", vice_chair("sala-1", "first-vice-chair", "2024-05-01")),
        refuses("one who is not a member", released("arboga-1", "first-vice-chair", "2024-05-01"),
                vice_chair("p1", "first-vice-chair", "2024-05-01")),
        breaks("a member of the Region whose bloc is not the political party's on the board", "2024-05-01",
               seated("p1", "region", "board-party", "2024-05-01", bloc="opposition"), says="is in the majority on"),
    ),
    "no-substitutes": (
        passes("a member on the last day in the seat", "2024-05-01", RETIRED,
               meeting("m1", "2024-04-30", present=["region-1", "sala-2"]), line=True),
        breaks("a member until the day before", "2024-05-01", RETIRED,
               meeting("m1", "2024-05-01", present=["region-1", "sala-2"]), line=True, says="sala-2 was present"),
    ),
    "term": (
        passes("until the term's end", "2024-05-01", RETIRED,
               seated("p1", "sala", "opposition-leader", "2024-05-01", until="2027-01-01"), line=True,
               about="seat:sala/opposition-leader"),
        refuses("a day beyond it", RETIRED,
                seated("p1", "sala", "opposition-leader", "2024-05-01", until="2027-01-02"), line=True),
        passes("beyond it, as was decided", "2024-05-01", RETIRED,
               seated("p1", "sala", "opposition-leader", "2024-05-01", until="2027-06-01", otherwise_decided=True),
               about="seat:sala/opposition-leader"),
    ),
    "experts": (
        passes("co-opted that day", "2024-05-02", expert("p1", "2024-05-02"),
               meeting("m1", "2024-05-02", experts=["p1"]), line=True, about="meeting:m1"),
        breaks("co-opted the day after", "2024-05-03", expert("p1", "2024-05-03"),
               meeting("m1", "2024-05-02", experts=["p1"]), line=True),
        breaks("the first day after", "2024-05-02", expert("p1", "2024-01-01", until="2024-05-02"),
               meeting("m1", "2024-05-02", experts=["p1"]), line=True),
        breaks("co-opted by another than the body", "2024-05-02",
               act("expert-coopted", "2024-05-02", organ="chair", person="p1", field="statistik"),
               says="not by the body"),
        refuses("an expert chairs", expert("p1", "2024-01-01"), meeting("m1", "2024-05-02", chaired_by="p1")),
        refuses("an expert signs", expert("p1", "2024-01-01"), meeting("m1", "2024-05-02"),
                duty_moved("m1", "2024-05-03", "signing", "p1"), signed("m1", "2024-05-03", "p1")),
    ),
}  # fmt: skip

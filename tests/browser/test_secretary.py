"""The secretary calls a meeting, holds it and finishes it, on its workbench."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.office import WIDE, fill, fits, looks_over, records, tick

if TYPE_CHECKING:
    from tests.browser.office import Office
    from tests.browser.visiting import Visit

PRESENT = {"p01": "Alva Påhitt", "p02": "Bertil Sagolund", "p04": "Disa Låtsasberg", "p13": "Majken Exempelström",
           "p21": "Ulrik Påhitt"}  # fmt: skip
BUDGET, STATE = "1. Budget 2026 (rekommendation)", "2. Läget i regionen (information)"
WORDING = "Beredningen ställer sig bakom budgeten."
ADVICE = "Kommunerna avsätter medel för den gemensamma biljetten."
OBJECTION = "Kostnaden borde ha utretts först."


def test_the_secretary_calls_holds_and_finishes_a_meeting(office: Office) -> None:
    with office.pages("tester", "secretariat") as visitor, visitor.at("/meetings", WIDE) as visit:
        office.on("2025-02-20")
        calls(visit)
        office.on("2025-03-17")
        holds(visit)
        office.on("2025-03-24")
        finishes(visit)
        assert visit.complaints == []

    typed(office)
    office.holds_the_same()


def calls(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Kalla till sammanträde").click()
    fits(visit)
    fill(page, Sammanträde="srb-2025-1", Sammanträdesdag="14 mars 2025", Börjar="9.30",
         Mötesplats="Regionhuset, Västerås", Dag="i dag")  # fmt: skip
    agenda = page.get_by_role("group", name="Föredragningslista")
    for row, (title, kind) in enumerate((("Budget 2026", "rekommendation"), ("Läget i regionen", "information")), 1):
        fill(agenda, **{f"Titel_{row}": title, f"Slag_{row}": kind})
    looks_over(visit, "14 mars 2025", "titel: Budget 2026, slag: rekommendation", "Inga iakttagelser")
    records(visit, "Ulrik Påhitt")
    page.get_by_role("link", name="Till arbetet med sammanträdet").click()
    expect(page.locator("#notice")).to_contain_text("är den 28 februari 2025")
    fits(visit)


def begins(visit: Visit, words: str, of: str = "") -> None:
    """Follows a link of the workbench to a form."""
    page = visit.page
    page.reload()
    within = page.locator(".item", has_text=of) if of else page.locator(".steps")
    within.get_by_role("link", name=re.compile(f"^{words}")).click()
    expect(page.locator("h1")).to_contain_text("Registrera:")


def ends(visit: Visit, *said: str) -> None:
    """Looks the form over, records, and goes back to the workbench."""
    looks_over(visit, *said)
    records(visit)
    visit.page.get_by_role("link", name="Tillbaka dit du var").click()
    expect(visit.page.locator("h1")).to_contain_text("srb-2025-1")


def holds(visit: Visit) -> None:
    page = visit.page
    begins(visit, "Registrera vilka som var med")
    fill(page, Ordförande="Ulrik Påhitt", Justerare="Majken Exempelström", Öppnades="9.30", Avslutades="11.05",
         Sekreterare="Gunhild Hittepå")  # fmt: skip
    tick(page, "Närvarande", *PRESENT.values())
    ends(visit, "Alva Påhitt, Bertil Sagolund, Disa Låtsasberg")
    begins(visit, "Registrera utgången", BUDGET)
    fill(page, Utgång="beslutat", Text=WORDING, Paragraf="§ 12")
    ends(visit, WORDING)
    begins(visit, "Registrera en reservation", BUDGET)
    fill(page, Person="Disa Låtsasberg", Text=OBJECTION, Paragraf="§ 12")
    ends(visit, OBJECTION)
    begins(visit, "Registrera en rekommendation", BUDGET)
    fill(page, Rekommendation="r1", Text=ADVICE, Konsensus="nej", Paragraf="§ 12")
    tick(page, "Adressater", "Sala kommun", "Västerås stad")
    tick(page, "Avvikande mening", "Disa Låtsasberg")
    ends(visit, ADVICE)
    begins(visit, "Registrera utgången", STATE)
    fill(page, Utgång="lagt till handlingarna", Paragraf="§ 13")
    ends(visit)
    fits(visit)


def finishes(visit: Visit) -> None:
    for words, day in (("undertecknandet", "18 mars 2025"), ("justeringen", "21/3 2025"), ("expedieringen", "i dag")):
        begins(visit, f"Registrera {words}")
        fill(visit.page, Dag=day)
        ends(visit)
    steps = visit.page.locator("#signing, #adjustment, #dispatch")
    expect(steps.get_by_role("link", name="Registrera")).to_have_count(0)
    fits(visit)


def typed(office: Office) -> None:
    """Records the same acts on the command line."""
    at = ("--meeting", "srb-2025-1")
    sat = ("--on", "2025-03-14", "--organ", "body", *at)
    budget = (*sat, "--paragraph", "§ 12", "--item", "1")
    agenda = (
        '{"number": 1, "title": "Budget 2026", "kind": "recommendation"}',
        '{"number": 2, "title": "Läget i regionen", "kind": "information"}',
    )
    present = [word for one in PRESENT for word in ("--present", one)]
    everyone = ("arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
                "surahammar", "vasteras", "region")  # fmt: skip
    for event, *options in (
        ("meeting-called", "--on", "2025-02-20", "--organ", "chair", *at, "--meets-on", "2025-03-14", "--starts-at",
         "09:30", "--place", "Regionhuset, Västerås", "--called-by", "p21", "--agenda", agenda[0], "--agenda",
         agenda[1]),
        ("meeting-held", *sat, "--chaired-by", "p21", "--adjuster", "p13", *present, "--opened-at", "09:30",
         "--closed-at", "11:05", "--secretary", "Gunhild Hittepå"),
        ("item-handled", *budget, "--outcome", "decided", "--text", WORDING),
        ("reservation-entered", *budget, "--person", "p04", "--text", OBJECTION),
        ("recommendation-made", *budget, "--recommendation", "r1", "--text", ADVICE, "--consensus", "false",
         "--addressees", "sala", "--addressees", "vasteras", "--dissent", "p04"),
        ("item-handled", *sat, "--paragraph", "§ 13", "--item", "2", "--outcome", "noted"),
        ("minutes-signed", "--on", "2025-03-18", "--organ", "chair", *at, "--by", "p21"),
        ("minutes-adjusted", "--on", "2025-03-21", "--organ", "body", *at, "--by", "p13"),
        ("minutes-dispatched", "--on", "2025-03-24", "--organ", "secretariat", *at,
         *(word for one in everyone for word in ("--to", one))),
    ):  # fmt: skip
        office.desk.does("record", event, *options)

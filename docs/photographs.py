"""Takes the pictures of the pages that docs/tour.md and docs/sv/rundtur.md show, in Debian's Chromium.

`make pictures` writes docs/pages/*.png. A test compares what each caption says with its page.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.visiting import served
from tests.desk import at_a_desk, event
from tests.web.conftest import NOON
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "pages"
SIZE = {"width": 1120, "height": 800}
CHANGE = (  # what the tour records
    event("seat-vacated", "2025-03-03", person="p13"),
    event("person-registered", "2025-03-03", "secretariat", person="p29", name="Ärla Nysaga"),
    event(
        "member-appointed",
        "2025-03-03",
        person="p29",
        party="sala",
        seat="executive-chair",
        political_party="Lindlistan",
    ),
    event("expert-coopted", "2026-01-20", "body", person="p13", field="statistik"),
)


class Shot(NamedTuple):
    """A picture: the address of its page, what is scrolled to, if anything, and what stands on the page."""

    address: str
    place: str | None
    shows: tuple[str, ...]


SHOTS = {
    "deadlines": Shot("/deadlines?on=2025-04-07&until=2025-06-30", None, ("Majken Exempelström",)),
    "council": Shot("/council?on=2025-06-01&known_at=@246", None, ("Majken Exempelström",)),
    "entry": Shot("/entry/68?on=2025-06-01", None, ("Östen Sagolund", "98")),
    "account": Shot("/costs/2025?party=norberg&on=2025-09-01", "#answer", ("141 988,66", "136 988,66")),
    "settlement": Shot(
        "/settlement?if_withdraws=sala&ends_on=2025-07-01&on=2025-06-30", ".narrow", ("8 664,53", "119 013,73")
    ),
    "findings": Shot("/findings?on=2026-01-31", "#answer", ("srb-2024-3", "5")),
}
LANGUAGES = ("en", "sv")


@contextmanager
def ledger_of_the_tour(folder: Path) -> Iterator[Ledger]:
    """Yields the ledger as the tour leaves it."""
    with at_a_desk(folder) as desk:
        desk.does("demo", ".")
        desk.does("import", desk.writes("change.jsonl", CHANGE))
        with open_store(desk.ledger) as store:
            yield Ledger(store, lambda: NOON)


def main() -> None:
    """Takes every picture anew."""
    place = shutil.which("chromium")
    if place is None:
        raise SystemExit("chromium is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        ledger_of_the_tour(Path(folder)) as ledger,
        served(application(ledger)) as site,
        sync_playwright() as run,
    ):
        browser = run.chromium.launch(executable_path=place, args=["--no-sandbox"])
        for lang in LANGUAGES:
            context = browser.new_context(viewport=SIZE, locale=lang, reduced_motion="reduce")  # type: ignore[arg-type]
            page = context.new_page()
            for name, shot in SHOTS.items():
                page.goto(f"{site}{shot.address}&lang={lang}", wait_until="networkidle")
                if shot.place:
                    page.locator(shot.place).evaluate("one => one.scrollIntoView()")
                page.screenshot(path=FOLDER / f"{name}.{lang}.png", animations="disabled")


if __name__ == "__main__":
    main()

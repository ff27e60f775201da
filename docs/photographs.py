"""Takes the pictures of the pages that docs/tour.md and docs/sv/rundtur.md show, in Debian's Chromium.

`make pictures` writes docs/pages/*.webp. A picture that does not show what is said of it is not taken; a
test compares what is said with the page, too.
"""

from __future__ import annotations

import shutil
from base64 import b64decode, b64encode
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.store import open_store
from tests.browser.visiting import chromium, served
from tests.desk import at_a_desk, event
from tests.web.conftest import NOON
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "pages"
SIZE = {"width": 1120, "height": 860}
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


REGISTRARS = (  # who records in the pictures of forms
    event("registrar-authorised", "2026-04-10", "secretariat", registrar="sekretariatet", roles=["secretariat"]),
    event(
        "registrar-authorised",
        "2026-04-10",
        registrar="sala-reg",
        party="sala",
        roles=["party"],
        public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHYzNJ3J/zTnX+Z0OYoJk41ePkG7ujIk3R5qEgFcOxci",
    ),
)
CALL = (
    "meeting=srb-2025-3&meets_on=2025-12-05&starts_at=09.30&place=Sala&called_by=p21&agenda.0.title=Budget%202026"
    "&agenda.0.kind=information&valid_on=2025-11-25&organ=chair"
)
ANSWER = "recommendation=r2&party=sala&answer=accepted&valid_on=2025-03-03&organ=assembly&paragraph=%C2%A7%2031"

# Chromium itself writes WebP, half as large as its PNG, in which no difference is seen.
WEBP = """async png => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())
    const canvas = document.createElement('canvas')
    Object.assign(canvas, {width: picture.width, height: picture.height})
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return canvas.toDataURL('image/webp', 0.9).split(',')[1]
}"""


class Shot(NamedTuple):
    """A picture: the address of its page, what is scrolled to, what it shows, and what is opened first, if anything.

    `by` is the registrar who records there, or "" for a reader. A form is looked over first if `looked`.
    """

    address: str
    place: str
    shows: tuple[str, ...]
    opens: str | None = None
    by: str = ""
    looked: bool = False


SHOTS = {
    "deadlines": Shot("/deadlines?on=2025-04-07&until=2025-06-30", ".chart", ("srb-2024-3",)),
    "council": Shot("/council?on=2025-06-01&known_at=@246", "body", ("Majken Exempelström", "Ärla Nysaga", "249")),
    "entry": Shot("/entry/68?on=2025-06-01", "#main", ("Östen Sagolund", "98", "valid_on"), ".beside summary"),
    "account": Shot("/costs/2025?party=norberg&on=2025-09-01", "#answer h2", ("141 988,66", "136 988,66")),
    "settlement": Shot(
        "/settlement?if_withdraws=sala&ends_on=2025-07-01&on=2025-06-30", "h1", ("8 664,53", "119 013,73")
    ),
    "findings": Shot("/findings?on=2026-01-31", "#answer", ("srb-2024-3", "5")),
    "form": Shot(f"/record/meeting-called?{CALL}", "body", ("2025-06-01",), by="sekretariatet"),
    "looked": Shot(
        f"/record/meeting-called?{CALL}", "body", ("Budget 2026", "Ulrik Påhitt", "10"), by="sekretariatet", looked=True
    ),
    "work": Shot("/meetings/srb-2024-3/work?", "body", ("107", "10"), by="sekretariatet"),
    "signing": Shot(
        f"/record/recommendation-answered?{ANSWER}", "#looked", ("ssh-keygen -Y sign",), by="sala-reg", looked=True
    ),
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


@contextmanager
def ledger_of_registrars(folder: Path) -> Iterator[Ledger]:
    """Yields the ledger of the tour, with registrars who record in it."""
    with ledger_of_the_tour(folder) as ledger:
        ledger.record([parse_event(one) for one in REGISTRARS], by="sekretariatet")
        yield ledger


@contextmanager
def sites() -> Iterator[dict[str, str]]:
    """Yields the address of the pages by who records there, "" for readers."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(2)]
        ledger = stack.enter_context(ledger_of_registrars(folders[0]))
        found = {by: application(ledger, by=by) for by in ("sekretariatet", "sala-reg")}
        found[""] = application(stack.enter_context(ledger_of_the_tour(folders[1])))
        yield {by: stack.enter_context(served(app)) for by, app in found.items()}


def taken(page: Page, shot: Shot) -> bytes:
    """Returns the picture of a page. Raises `AssertionError` when something that it is to show stands outside it."""
    if shot.looked:
        page.locator(".act .buttons button[value=check]").click()
        page.locator("#looked").wait_for()
    if shot.opens:
        page.locator(shot.opens).click()
    page.locator(shot.place).first.evaluate("one => one.scrollIntoView()")
    for text in shot.shows:
        boxes = [one.bounding_box() for one in page.get_by_text(text).all()]
        assert any(box and box["y"] >= 0 and box["y"] + box["height"] <= SIZE["height"] for box in boxes), text
    foot = page.locator(".foot").bounding_box()  # its root is another in each ledger
    assert foot is not None
    height = min(SIZE["height"], int(foot["y"]))
    return page.screenshot(animations="disabled", clip={"x": 0, "y": 0, "width": SIZE["width"], "height": height})


def main() -> None:
    """Takes every picture anew."""
    place = shutil.which("chromium")
    if place is None:
        raise SystemExit("chromium is missing: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    with sites() as at, chromium(place) as browser:
        empty = browser.new_page()
        for lang in LANGUAGES:
            context = browser.new_context(viewport=SIZE, locale=lang, reduced_motion="reduce")  # type: ignore[arg-type]
            page = context.new_page()
            for name, shot in SHOTS.items():
                page.goto(f"{at[shot.by]}{shot.address}&lang={lang}", wait_until="networkidle")
                webp = empty.evaluate(WEBP, b64encode(taken(page, shot)).decode())
                (FOLDER / f"{name}.{lang}.webp").write_bytes(b64decode(webp))


if __name__ == "__main__":
    main()

"""A ledger of the spring of 2025, recorded in from the pages and, beside it, on the command line: in the end, both hold
the same bytes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
from playwright.sync_api import expect

from ledger.book import Ledger
from ledger.store import open_store
from tests.acts import ALL
from tests.browser.visiting import WIDTHS, Look, Visit, Visitor, served
from tests.desk import event
from web.app import application
from web.who import AskedBy, Who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from ledger.store import Store
    from tests.desk import Desk

OUTSIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DIFFER = ("recorded_at", "key", "recorded_by")  # what tells two records of one act apart
WIDE, NARROW = Look("sv", WIDTHS["wide"]), Look("sv", WIDTHS["narrow"])
PLAIN = Look("sv", WIDTHS["wide"], script=False)
FILES = ("body.jsonl", "officials.jsonl", "population-2022.jsonl", "population-2023-2024.jsonl", "accounts.jsonl")


def begin(desk: Desk, demo: Desk) -> None:
    """Makes a ledger in the folder of `desk`: the agreement in force, the body as it is in the demo, the accounts up to
    the second instalment of 2025, and a registrar of Sala, whose key is the file `sala.key`.
    """
    for name in (*FILES, "terms-2.json"):
        shutil.copy(demo.folder / name, desk.folder / name)
    run = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(desk.folder / "sala.key")]
    subprocess.run(run, check=True, timeout=60)
    desk.began("2025-02-10").does("init")
    acts = [event("agreement-adopted", "2023-02-01", version=1, assembly=party) for party in sorted(ALL)]
    fixed = event("entry-into-force-fixed", "2023-02-02", "body", version=1, in_force_from="2023-03-01")
    desk.does("import", desk.writes("adopted.jsonl", [*acts, fixed]))
    for name in FILES:
        desk.does("import", name)
    public = (desk.folder / "sala.key.pub").read_text().strip()
    key = ("--public-key", public)
    authorised = ("record", "registrar-authorised", "--on", "2023-03-01")
    office = ("--organ", "secretariat", "--roles", "secretariat")
    desk.does(*authorised, "--registrar", "tester", *office)
    desk.does(*authorised, "--registrar", "kansliet", *office)
    desk.does(*authorised, "--registrar", "ekonomen", "--roles", "treasurer", "--party", "region",
              "--organ", "assembly", "--paragraph", "§ 8")  # fmt: skip
    desk.does(*authorised, "--registrar", "sala-reg", "--party", "sala", "--roles", "party", *key, "--organ",
              "assembly", "--paragraph", "§ 9")  # fmt: skip


class Office:
    """A ledger that is recorded in from its pages, and a desk at a copy of it."""

    def __init__(self, browser: Browser, folder: Path, desk: Desk) -> None:
        self.browser, self.desk, self.now = browser, desk, desk.now
        self.ledger = str(folder / "liggare.db")
        self.store: Store | None = None  # of the pages, while they are served

    def on(self, day: str) -> None:
        """Moves both clocks forward to a later day: the desk's to nine o'clock, that of the pages to noon (UTC)."""
        self.desk.on(day)
        self.now = datetime.fromisoformat(f"{day}T12:00+00:00")

    @contextmanager
    def pages(self, by: str, *roles: str, party: str | None = None) -> Iterator[Visitor]:
        """Yields a visitor of the pages who is a registrar with some roles, or alone with them if no role is given."""
        with open_store(self.ledger) as store:
            self.store = store
            app = application(Ledger(store, lambda: self.now), by="" if roles else by)
            with served(AskedBy(app, Who(by, frozenset(roles), party)) if roles else app) as address:
                yield Visitor(self.browser, address)

    def holds_the_same(self) -> None:
        """Asserts that the pages stored what the command line stored: the same bytes, without what always differs."""
        found, typed = (stored(one) for one in (self.ledger, self.desk.ledger))
        assert found == typed
        self.desk.does("verify", "--ledger", self.ledger)


def stored(ledger: str) -> list[bytes]:
    """Returns the bytes of each entry without its time, key and recorder. In place of a signature, which is another
    over another key, stands who signed.
    """
    found = []
    with open_store(ledger) as store:
        for _, data in store.data(0, store.head()):
            document = orjson.loads(data)
            for name in DIFFER:
                del document[name]
            if "signature" in document:
                document["signature"] = document["signature"]["registrar"]
            found.append(orjson.dumps(document))
    return found


def control(within: Page | Locator, label: str) -> Locator:
    """Returns the control with a label, whether it must be filled in or not."""
    return within.get_by_label(re.compile(rf"^{re.escape(label)}( måste anges)?$"))


def fill(page: Page | Locator, **typed: str) -> None:
    """Types texts in controls by their labels, in which `_` is a space. A select takes the words of a choice."""
    for label, text in typed.items():
        one = control(page, label.replace("_", " "))
        if one.evaluate("one => one.localName") == "select":
            one.select_option(label=text)
        else:
            one.fill(text)


def tick(page: Page, label: str, *names: str) -> None:
    """Ticks persons or parties of a list, which is unfolded first where it is folded."""
    group = page.get_by_role("group", name=re.compile(f"^{label}( måste anges)?$"))
    if group.locator("summary").count():
        group.locator("summary").click()
    for name in names:
        group.get_by_label(name).check()


def fits(visit: Visit) -> None:
    """Asserts that the page breaks no rule of accessibility, that nothing stands outside its width, and that the
    browser complains of nothing.
    """
    found = (visit.violations(), visit.complaints, visit.asks(OUTSIDE))
    assert found == ([], [], 0), (visit.page.url, *found)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def looks_over(visit: Visit, *said: str) -> None:
    """Presses the button that looks a form over, and asserts that nothing is recorded yet, and that texts are there."""
    press(visit.page, "Granska")
    looked = visit.page.locator("#looked")
    expect(looked).to_contain_text("Ingenting är registrerat ännu")
    for text in said:
        expect(looked).to_contain_text(text)
    fits(visit)


def records(visit: Visit, *said: str, entries: str = "1 post är registrerad") -> None:
    """Presses the button that records what was looked over."""
    press(visit.page, "Registrera")
    expect(visit.page.locator("h1")).to_have_text(entries)
    for text in said:
        expect(visit.page.locator("#answer")).to_contain_text(text)
    fits(visit)

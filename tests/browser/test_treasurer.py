"""The treasurer imports payments from a file, as a spreadsheet in Swedish saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.office import NARROW, fits, press

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.office import Office
    from tests.browser.visiting import Visit

HEAD = "on;organ;party;year;instalment;amount;reference"
LINES = (
    "2025-07-30;official;arboga;2025;2;367 909,57;OCR 25-2-01",
    "2025-08-13;official;fagersta;2025;2;340 593,93;OCR 25-2-02",
    "2025-07-30;official;sala;2025;2;601 841,43;OCR 25-2-07",
)


def saved(file: Path, *lines: str) -> Path:
    """Writes a file as a spreadsheet in Swedish saves "CSV UTF-8": a byte order mark, semicolons and CRLF."""
    file.write_bytes("".join(f"{line}\r\n" for line in (HEAD, *lines)).encode("utf-8-sig"))
    return file


def gives(visit: Visit, file: Path) -> None:
    visit.page.get_by_label("Välj en fil").set_input_files(file)
    visit.page.get_by_label("Vad filen innehåller").select_option(label="CSV: Betalning gjord")
    press(visit.page, "Granska")


def test_the_treasurer_imports_payments_on_a_telephone(office: Office) -> None:
    office.on("2025-08-15")
    folder = office.desk.folder
    wrong = saved(folder / "fel.csv", *LINES[:2], LINES[2].replace("sala", "salla"))
    right = saved(folder / "betalningar.csv", *LINES)
    with office.pages("ekonomen", "treasurer", party="region") as visitor, visitor.at("/record", NARROW) as visit:
        page = visit.page
        fits(visit)
        page.get_by_role("link", name="Importera").click()
        fits(visit)
        gives(visit, wrong)
        expect(page.locator("#faults")).to_contain_text("rad 4")
        fits(visit)
        gives(visit, right)
        expect(page.locator("#looked")).to_contain_text("Betalning gjord: 3")
        fits(visit)
        press(page, "Registrera allt")
        expect(page.locator("h1")).to_have_text("3 poster är registrerade")
        fits(visit)
        page.goto(f"{visitor.site}/import?lang=sv")
        gives(visit, right)
        expect(page.locator("h1")).to_have_text("3 poster var redan registrerade")
        expect(page.locator(".band")).to_have_text("Ingenting registrerades nu.")
        fits(visit)

    office.desk.does("import", "betalningar.csv", "--csv", "payment-made")
    office.holds_the_same()

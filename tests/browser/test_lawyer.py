"""A lawyer corrects an entry from its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.office import PLAIN, fill, fits, looks_over, press, records

if TYPE_CHECKING:
    from tests.browser.office import Office

WHY = "protokollet, § 40, säger Björkpartiet"


def test_the_lawyer_corrects_an_entry_without_the_script(office: Office) -> None:
    office.on("2025-03-03")
    with office.pages("tester", "secretariat") as visitor, visitor.at("/person/p27", PLAIN) as visit:
        page = visit.page
        page.locator("#answer").get_by_role("link", name="68", exact=True).first.click()
        page.get_by_role("link", name="Rätta posten …").click()
        fits(visit)
        press(page, "Granska")
        expect(page.locator("#faults")).to_contain_text("Varför den makuleras")
        fits(visit)
        fill(page, Varför_den_makuleras=WHY, Parti="Björkpartiet")
        looks_over(visit, "Post makulerad", "Ledamot utsedd", WHY, "Björkpartiet")
        records(visit, "Östen Sagolund", entries="2 poster är registrerade")
        page.goto(f"{visitor.site}/entry/68?lang=sv")
        expect(page.locator("main")).to_contain_text("makulerad genom post 160")
        fits(visit)

    with_file = office.desk.folder / "right.jsonl"
    with_file.write_text(
        '{"event": "member-appointed", "valid_on": "2023-03-01", "source": {"organ": "assembly"}, "person": "p27",'
        ' "party": "region", "seat": "board-party", "political_party": "Björkpartiet", "bloc": "opposition"}\n'
    )
    office.desk.does("annul", "68", "--cause", "recording-error", "--reason", WHY, "--with", "right.jsonl")
    office.holds_the_same()

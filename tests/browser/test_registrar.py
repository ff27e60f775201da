"""Sala's registrar adopts a version, and signs that with ssh-keygen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.office import WIDE, fill, fits, looks_over, records
from tests.cli.test_signing import sign

if TYPE_CHECKING:
    from tests.browser.office import Office

PROPOSED = ("--version", "2", "--title", "Överenskommelsen, med 21 dagars kallelse", "--in-force-from", "2026-01-01",
            "--on", "2025-02-20", "--organ", "body", "--terms", "@terms-2.json")  # fmt: skip


def test_the_registrar_of_sala_adopts_a_version_with_a_signature(office: Office) -> None:
    office.on("2025-02-20")
    for ledger in (office.ledger, office.desk.ledger):
        office.desk.does("record", "agreement-proposed", *PROPOSED, "--ledger", ledger)
    office.on("2025-04-01")
    with office.pages("sala-reg", "party", party="sala") as visitor, visitor.at("/mine", WIDE) as visit:
        page = visit.page
        fits(visit)
        page.get_by_role("link", name="Registrera att den är antagen").click()
        fill(page, Dag="31 mars 2025", Paragraf="§ 41", Diarienummer="KS 2025/118")
        looks_over(visit, "Sala")
        with page.expect_download() as downloading:
            page.get_by_role("button", name=re.compile("^Ladda ner agreement-adopted.act")).click()
        act = office.desk.folder / downloading.value.suggested_filename
        downloading.value.save_as(act)
        page.locator(".to-sign summary").click()
        expect(page.locator(".to-sign pre").first).to_have_text(act.read_text())
        sign(office.desk, act.name)
        page.get_by_label(f"Välj den undertecknade filen {act.name}.sig").set_input_files(f"{act}.sig")
        records(visit, "undertecknad av sala-reg, registrator för Sala")

    typed = ("agreement-adopted", "--version", "2", "--assembly", "sala", "--on", "2025-03-31", "--organ", "assembly",
             "--paragraph", "§ 41", "--dnr", "KS 2025/118")  # fmt: skip
    office.desk.does("record", *typed, "--as", "sala-reg", "--sign-with", "sala.key")
    office.holds_the_same()
    told = office.desk.does("history", "--about", "party:sala", "--lang", "sv", "--ledger", office.ledger).out
    assert told.count("undertecknad av sala-reg, registrator för Sala") == 1

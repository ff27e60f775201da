"""The page of the registrars: to whoever is let in, and to the public, who sees neither sign-ins nor withheld names."""

from __future__ import annotations

from tests.acts import registered
from tests.domain.books import ledger
from tests.domain.test_recorded_by import KEYS, authorised
from tests.web.reader import Reader
from web.app import application

ACCOUNT = "https://inloggning.example/ 8f1c"


def test_the_page_shows_keys_and_no_sign_in_and_the_public_no_name_that_is_withheld() -> None:
    book = ledger(
        registered("p7"),
        authorised("sec", "secretariat", account=ACCOUNT),
        authorised("adj", "adjuster", person="p7"),
        authorised("sala-reg", "party", party="sala", public_key=KEYS[0]),
    )
    alone, public = Reader(application(book)), Reader(application(book, public=True))

    for form in ("", ".json", ".csv"):
        shown, told = alone.get(f"/registrars{form}").text, public.get(f"/registrars{form}").text
        for text in (shown, told):
            assert "sala-reg" in text
            assert "SHA256:" in text
            assert "8f1c" not in text
            assert "inloggning" not in text
        assert "Påhittad p7" in shown
        assert "Påhittad p7" not in told

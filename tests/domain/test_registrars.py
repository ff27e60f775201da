"""Who may record on a day, as the question `registrars` answers: with which key, from when, and introduced by whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput
from ledger.proof.ssh import fingerprint_of
from projections.registrars import RegistrarOfDay, registrars
from tests.acts import act, registered
from tests.domain.books import ledger
from tests.domain.test_recorded_by import KEYS, authorised, released
from tests.domain.test_signed_acts import by, key

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.book import Ledger

ON = date(2026, 6, 1)


def told(book: Ledger, on: date = ON) -> dict[str, RegistrarOfDay]:
    return {one.registrar: one for one in registrars(book.timeline(), on, book.names()).registrars}


def test_registrars_are_the_secretariats_first_and_then_those_of_each_party() -> None:
    book = ledger(
        registered("p7"),
        authorised("sala-reg", "party", party="sala"),
        authorised("koping-reg", "party", party="koping"),
        authorised("sec", "secretariat", "treasurer"),
        authorised("adj", "adjuster", person="p7"),
    )

    found = registrars(book.timeline(), ON, book.names())

    assert [one.registrar for one in found.registrars] == ["adj", "sec", "koping-reg", "sala-reg"]
    adj, sec, koping, _ = found.registrars
    assert (adj.person, adj.name, adj.party, adj.introduced_by) == ("p7", "Påhittad p7", None, None)
    assert (sec.roles, sec.key, sec.account, sec.since) == (("secretariat", "treasurer"), None, False, date(2025, 1, 1))
    assert (koping.party, koping.introduced_by, koping.signed_by) == ("koping", "secretariat", None)


def test_a_registrar_is_there_from_the_first_day_and_is_told_when_released() -> None:
    book = ledger(authorised("sec", "secretariat", on="2025-02-01"), released("sec", "2025-05-01"))

    assert told(book, date(2025, 1, 31)) == {}
    on_the_day = told(book, date(2025, 2, 1))["sec"]
    assert (on_the_day.since, on_the_day.until, on_the_day.released) == (date(2025, 2, 1), date(2025, 5, 1), 16)
    assert told(book, date(2025, 6, 1))["sec"].until == date(2025, 5, 1)


def test_a_later_authorisation_replaces_the_earlier_one_and_a_release_before_it() -> None:
    book = ledger(
        authorised("sec", "secretariat"), released("sec", "2025-05-01"), authorised("sec", "treasurer", on="2025-07-01")
    )

    assert (told(book)["sec"].roles, told(book)["sec"].until, told(book)["sec"].entry) == (("treasurer",), None, 17)
    assert told(book, date(2025, 6, 1))["sec"].roles == ("secretariat",)


def test_an_authorisation_that_was_annulled_is_none() -> None:
    annulled = act("entry-annulled", "2025-02-01", organ="secretariat", entry=15, cause="recording-error", reason="fel")

    assert told(ledger(authorised("sec", "secretariat"), annulled)) == {}


def test_a_partys_first_registrar_stays_introduced_by_the_secretariat_and_one_whom_it_signs_is_the_partys(
    tmp_path: Path,
) -> None:
    first, second, third = (key(tmp_path, name) for name in ("first", "second", "third"))
    book = ledger(authorised("sec", "secretariat"), authorised("sala-1", "party", party="sala", public_key=first))
    own = by(tmp_path, "first", "sala-1")
    book.record([authorised("sala-2", "party", party="sala", public_key=second)], by="sec", signing=own)
    book.record([authorised("sala-1", "party", party="sala", public_key=third)], by="sec", signing=own)
    book.record([authorised("sala-3", "party", party="sala")], by="sec")

    found = told(book)

    assert {who: found[who].introduced_by for who in found} == {
        "sec": None, "sala-1": "secretariat", "sala-2": "party", "sala-3": "secretariat",
    }  # fmt: skip
    assert (found["sala-2"].signed_by, found["sala-2"].key) == ("sala-1", fingerprint_of(second))
    assert (found["sala-1"].signed_by, found["sala-1"].key) == ("sala-1", fingerprint_of(third))


def test_of_a_sign_in_no_more_is_told_than_that_there_is_one() -> None:
    account = "https://inloggning.example/ 8f1c"
    book = ledger(authorised("sec", "secretariat", account=account))

    assert told(book)["sec"].account is True
    assert "8f1c" not in repr(told(book))
    assert "inloggning" not in repr(told(book))

    disposed = act("personal-data-disposed", "2026-01-01", organ="official", registrar="sec", decision="D")
    book.record([disposed], by="sec")
    assert told(book)["sec"].account is False


def test_an_inexact_day_that_could_change_the_answer_is_named() -> None:
    book = ledger(authorised("sec", "secretariat", on="2025-03"))

    found = registrars(book.timeline(), date(2025, 3, 15), book.names())

    assert (found.registrars, found.uncertain) == ((), (15,))
    assert told(book)["sec"].since_day == "2025-03"


@pytest.mark.parametrize(
    ("roles", "said", "why"),
    [
        (["treasurer", "auditor", "treasurer"], {}, "roles: treasurer is given twice"),
        (["party"], {}, "party is missing: a registrar with the role party has one"),
        (["secretariat"], {"party": "sala"}, "party: a registrar of the secretariat has none"),
        (["adjuster"], {}, "person is missing: an adjuster is a person"),
        (["auditor"], {"account": "http://id.example anna"}, "account: write the issuer, which begins with https://"),
        (["auditor"], {"proof": "AAAA"}, "proof: a proof is by the public key, and none is given"),
        (["auditor"], {"public_key": f"{KEYS[0]} anna"}, "public_key: leave out the comment after the key"),
        (["auditor"], {"public_key": "ssh-ed25519"}, "public_key: "),
        (["auditor"], {"public_key": KEYS[0], "proof": "AAAA"}, "proof: it is not an SSH signature of version 1"),
    ],
)
def test_an_authorisation_that_does_not_hold_together_is_refused_in_words(
    roles: list[str], said: dict[str, str], why: str
) -> None:
    with pytest.raises(BadInput) as raised:
        authorised("x", *roles, **said)
    assert why in str(raised.value)

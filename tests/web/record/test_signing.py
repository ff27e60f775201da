"""Acts that are signed from their page: the text is downloaded, signed by ssh-keygen elsewhere, and given back."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING
from unittest.mock import patch

import orjson
import pytest

from cli.signing import signing_with
from ledger.book import Ledger
from ledger.errors import OutcomeUnknown
from ledger.names import disclose
from ledger.store import open_store
from tests.cli.test_signing import head, sala, sign
from tests.desk import desk
from tests.web.reader import Reader
from tests.web.record.filling import File, Form, opened, recorded
from web.app import application
from web.record.recording import UNREAD, WAIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

__all__ = ["desk", "sala"]

pytestmark = pytest.mark.on_file
WITHDRAWAL = {"party": ["sala"], "ends_on": ["2027-01-01"], "on": ["2025-02-02"], "organ": ["assembly"]}
ACCOUNT = {
    "registrar": ["sala-2"], "party": ["sala"], "roles": ["party"], "account": ["https://inloggning.example/ 8f1c"],
    "on": ["2025-02-02"], "organ": ["assembly"], "paragraph": ["§ 4"],
}  # fmt: skip


@pytest.fixture
def book(sala: Desk) -> Iterator[Ledger]:
    with open_store(sala.ledger) as store:
        yield Ledger(store, lambda: sala.now)


@pytest.fixture
def reader(book: Ledger) -> Reader:
    """Returns a reader who records as the registrar of Sala, whose key is elsewhere."""
    return Reader(application(book, by="sala-reg"))


def looked_over(reader: Reader, event: str = "withdrawal-decided", typed: dict[str, list[str]] = WITHDRAWAL) -> Form:
    form = Form(opened(reader, f"/record/{event}?lang=en").fill(typed).press(reader, "check"))
    assert form.page.status == 200, form.said
    return form


def downloaded(reader: Reader, form: Form, folder: Path, name: str = "page.act") -> bytes:
    page = form.press(reader, "text:0")
    assert page.status == 200
    assert page.headers["content-disposition"].startswith("attachment; filename=")
    (folder / name).write_bytes(page.body)
    return page.body


def signature(folder: Path, name: str = "page.act.sig") -> tuple[str, File]:
    return "_signature.0", File(name, (folder / name).read_bytes())


@pytest.mark.parametrize(("event", "typed"), [("withdrawal-decided", WITHDRAWAL), ("registrar-authorised", ACCOUNT)])
def test_a_downloaded_text_is_signed_and_given_back(
    sala: Desk, book: Ledger, reader: Reader, event: str, typed: dict[str, list[str]]
) -> None:
    before = head(sala)
    form = looked_over(reader, event, typed)
    text = downloaded(reader, form, sala.folder)
    assert text.decode() in form.said
    assert head(sala) == before
    assert b"8f1c" not in text
    assert downloaded(reader, form, sala.folder) == text
    assert downloaded(reader, Form(form.press(reader, "check")), sala.folder) == text
    sign(sala, "page.act")

    recorded(reader, form.press(reader, "record", signature(sala.folder)))

    last = book.timeline().at(before + 1)
    assert last.signature is not None
    assert (last.signature.registrar, last.recorded_by, head(sala)) == ("sala-reg", "sala-reg", before + 1)
    assert [*book.accounts().values()] == typed.get("account", [])
    sala.does("verify")


def test_without_a_signature_it_is_recorded_with_a_finding(sala: Desk, book: Ledger, reader: Reader) -> None:
    form = looked_over(reader)
    page = recorded(reader, form.press(reader, "record"))

    assert book.timeline().at(head(sala)).signature is None
    assert "sala-reg has a key and did not sign this act of sala" in page.text


def test_a_text_that_is_changed_after_the_download_is_refused(sala: Desk, reader: Reader) -> None:
    form = looked_over(reader)
    downloaded(reader, form, sala.folder)
    (sala.folder / "page.act").write_bytes(
        (sala.folder / "page.act").read_bytes().replace(b"2027-01-01", b"2028-01-01")
    )
    sign(sala, "page.act")

    refused(sala, reader, form, signature(sala.folder), "the signature is not by this key over this text")


def test_a_form_that_is_changed_after_the_download_is_looked_over_and_signed_again(sala: Desk, reader: Reader) -> None:
    form, before = looked_over(reader), head(sala)
    downloaded(reader, form, sala.folder)
    sign(sala, "page.act")

    changed = Form(form.fill({"ends_on": ["2028-01-01"]}).press(reader, "record", signature(sala.folder)))
    assert "It was changed after it was looked over" in changed.said
    assert head(sala) == before
    refused(sala, reader, changed, signature(sala.folder), "the signature is not by this key over this text")


def refused(sala: Desk, reader: Reader, form: Form, given: tuple[str, File], why: str) -> None:
    """Asserts that a signature is refused in words, with nothing recorded and nothing lost, and that a right one is
    taken afterwards.
    """
    before = head(sala)
    page = Form(form.press(reader, "record", given))
    assert (page.page.status, head(sala)) == (UNREAD, before)
    assert why in page.said
    ends_on = form.typed("ends_on")
    assert (page.typed("ends_on"), page.typed("party")) == (ends_on, ["sala"])
    assert page.hidden("_key") == form.hidden("_key")
    looked = Form(page.press(reader, "check"))
    downloaded(reader, looked, sala.folder, "right.act")
    sign(sala, "right.act")
    recorded(reader, looked.press(reader, "record", signature(sala.folder, "right.act.sig")))
    assert head(sala) == before + 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a signature file begins with"),
        (b"no signature", "a signature file begins with"),
        (b"\xff\x00" * 5000, "a signature file begins with"),
        (b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", ""),
        (b"-----BEGIN SSH SIGNATURE-----\n" + b"U1NIU0lH" * 3 + b"\n-----END SSH SIGNATURE-----\n", ""),
    ],
)
def test_a_file_that_is_no_signature_is_refused(sala: Desk, reader: Reader, data: bytes, why: str) -> None:
    refused(sala, reader, looked_over(reader), ("_signature.0", File("x.sig", data)), why)


def test_what_was_looked_over_can_be_signed_at_once_after_a_wrong_signature(
    sala: Desk, book: Ledger, reader: Reader
) -> None:
    form, before = looked_over(reader), head(sala)
    downloaded(reader, form, sala.folder)
    sign(sala, "page.act")
    refused = Form(form.press(reader, "record", ("_signature.0", File("x.sig", b"no signature"))))
    assert (refused.page.status, head(sala)) == (UNREAD, before)

    signature = File("page.act.sig", (sala.folder / "page.act.sig").read_bytes())
    recorded(reader, refused.press(reader, "record", ("_signature.0", signature)))

    assert book.timeline().at(head(sala)).signature is not None


def test_the_signature_of_another_act_is_refused(sala: Desk, reader: Reader) -> None:
    downloaded(reader, looked_over(reader), sala.folder)
    sign(sala, "page.act")

    refused(
        sala, reader, looked_over(reader), signature(sala.folder), "the signature is not by this key over this text"
    )


def test_the_signature_by_another_key_is_refused(sala: Desk, reader: Reader) -> None:
    other = sala.folder / "other.key"
    run = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(other)]
    subprocess.run(run, check=True, timeout=60)
    form = looked_over(reader)
    downloaded(reader, form, sala.folder)
    run = ["ssh-keygen", "-q", "-Y", "sign", "-n", "liggare-act@v1", "-f", str(other), "page.act"]
    subprocess.run(run, check=True, timeout=60, cwd=sala.folder, stderr=subprocess.DEVNULL)

    refused(sala, reader, form, signature(sala.folder), "")


@pytest.mark.parametrize("extra", ["_signature.1", "_signature.7"])
def test_too_many_signatures_are_refused(sala: Desk, reader: Reader, extra: str) -> None:
    form, before = looked_over(reader), head(sala)
    downloaded(reader, form, sala.folder)
    sign(sala, "page.act")
    given = signature(sala.folder)

    page = Form(form.press(reader, "record", given, (extra, given[1])))
    assert (page.page.status, head(sala)) == (UNREAD, before)
    assert "1 act to sign, and 2 signatures" in page.said


@pytest.mark.parametrize("kept", [True, False])
def test_an_unknown_outcome_keeps_the_signature(sala: Desk, book: Ledger, reader: Reader, kept: bool) -> None:
    form, before, append = looked_over(reader), head(sala), book.store.append
    downloaded(reader, form, sala.folder)
    sign(sala, "page.act")

    def fails(*given: object, **more: object) -> int:
        if kept:
            append(*given, **more)  # type: ignore[arg-type]
        raise OutcomeUnknown("SQLITE_IOERR_WRITE")

    with patch.object(book.store, "append", fails):
        page = Form(form.press(reader, "record", signature(sala.folder)))
    assert page.page.status == WAIT

    recorded(reader, page.press(reader, "record"))
    assert head(sala) == before + 1
    assert book.timeline().at(before + 1).signature is not None
    sala.does("verify")


@pytest.mark.parametrize(
    "forged",
    ["", "x", "{", "[]", "null", "3", '{"0": 3}', '{"0": "x"}', '{"0": "é"}', '{"9": "x"}', '{"x": "y"}', '{"-1": "z"}',
     '{"0": ["a"]}', "[" * 10_000, orjson.dumps({"0": disclose("https://inloggning.example/ other")}).decode(),
     orjson.dumps({"0": disclose("https://inloggning.example/ 8f1c", field="account", salt=b"x" * 32)}).decode(),
     orjson.dumps({"0": disclose("https://other.example/ 8f1c", field="account")}).decode()],
)  # fmt: skip
def test_a_forged_disclosure_changes_nothing_that_is_recorded(
    sala: Desk, book: Ledger, reader: Reader, forged: str
) -> None:
    before = head(sala)
    form = looked_over(reader, "registrar-authorised", ACCOUNT).put("_outside", forged)
    looked = Form(form.press(reader, "check"))
    assert looked.page.status == 200
    downloaded(reader, looked, sala.folder)
    sign(sala, "page.act")

    recorded(reader, looked.press(reader, "record", signature(sala.folder)))

    assert [*book.accounts().values()] == ACCOUNT["account"]
    assert head(sala) == before + 1
    sala.does("verify")


def test_with_a_key_at_hand_the_pages_sign_at_once(sala: Desk, book: Ledger) -> None:
    signing = signing_with(sala.folder / "sala.key", "sala-reg")
    reader, before = Reader(application(book, by="sala-reg", signing=signing)), head(sala)
    form = looked_over(reader)
    assert not any(one.startswith("text:") for one in form.buttons)
    assert "No findings." in form.said

    page = recorded(reader, form.press(reader, "record"))

    assert book.timeline().at(before + 1).signature is not None
    assert "did not sign" not in page.text
    sala.does("verify")


def test_an_act_that_the_key_does_not_sign_for_is_not_to_be_signed(book: Ledger, reader: Reader) -> None:
    typed = {"person": ["p1"], "name": ["Testa Testdotter"], "on": ["2025-02-02"], "organ": ["secretariat"]}
    form = looked_over(reader, "person-registered", typed)

    assert not any(one.startswith("text:") for one in form.buttons)
    page = form.press(reader, "record")
    assert page.status == 303
    assert [*book.names().values()] == ["Testa Testdotter"]


def test_a_signature_fits_after_what_was_typed_waited_as_a_draft(sala: Desk, book: Ledger, reader: Reader) -> None:
    form = looked_over(reader, "registrar-authorised", ACCOUNT)
    text = downloaded(reader, form, sala.folder)
    sign(sala, "page.act")
    signature = File("page.act.sig", (sala.folder / "page.act.sig").read_bytes())

    draft = opened(reader, form.press(reader, "keep").headers["location"])
    looked = Form(draft.press(reader, "check"))
    assert looked.press(reader, "text:0").body == text
    recorded(reader, looked.press(reader, "record", ("_signature.0", signature)))

    assert book.timeline().at(head(sala)).signature is not None

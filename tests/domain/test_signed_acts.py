"""Acts that are signed with OpenSSH keys: what is accepted, and what is refused as it is recorded."""

from __future__ import annotations

import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from msgspec import structs

from ledger.book import Signing
from ledger.encoding import Entry, Signature, decode, encode
from ledger.errors import BadInput, NewerLedger, Refused
from ledger.events import EVENTS
from ledger.proof.act import REGISTRAR, registrar_text
from ledger.proof.note import base64_of
from ledger.proof.ssh import parse_signature_file
from ledger.signed import Acts, sealed, unsignable, unsound
from ledger.state.record import registrar_of
from tests.acts import act, registered, withdrew
from tests.domain.books import ledger
from tests.domain.test_recorded_by import authorised, told
from tests.given import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.book import Ledger

OWN = withdrew("2025-08-01", "sala")


def key(folder: Path, name: str) -> str:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)], check=True,
                   timeout=60)  # fmt: skip
    return (folder / f"{name}.pub").read_text().strip()


def signed(folder: Path, name: str, text: bytes, namespace: str = "liggare-act@v1") -> bytes:
    run = ["ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(folder / name)]
    done = subprocess.run(run, input=text, capture_output=True, check=True, timeout=60)
    return parse_signature_file(done.stdout.decode())


def by(folder: Path, name: str, registrar: str = "sala-reg", **said: Any) -> Signing:
    return Signing(registrar, lambda texts: [signed(folder, name, text, **said) for text in texts])


def with_keys(folder: Path) -> Ledger:
    return ledger(
        authorised("sec", "secretariat"),
        authorised("sala-reg", "party", party="sala", public_key=key(folder, "sala")),
        authorised("koping-reg", "party", party="koping", public_key=key(folder, "koping")),
    )


def refused(book: Ledger, signing: Signing) -> str:
    head = book.timeline().head
    with pytest.raises(Refused) as raised:
        book.record([OWN], by="sec", signing=signing)
    assert book.timeline().head == head
    [found] = raised.value.findings
    assert (found.provision, found.verdict) == ("recorded-by", "breach")
    return sentence(found)


def test_a_signed_act_is_recorded_and_read_back_and_its_signature_checked_again(tmp_path: Path) -> None:
    book = with_keys(tmp_path)

    recorded = book.record([OWN, registered("p9")], by="sec", signing=by(tmp_path, "sala"))

    assert [one for one in recorded.flagged if one.provision == "recorded-by"] != []  # Sala registers no person
    rows = [(one.position, encode(one)) for one in recorded.entries]
    for (position, data), one in zip(rows, recorded.entries, strict=True):
        assert one.signature
        assert one.signature.registrar == "sala-reg"
        assert decode(data, position) == one
        assert orjson.loads(data)["v"] == EVENTS[one.event.event_name].v + 1
    assert [*unsound(rows, book.store.ledger_id, partial(registrar_of, book.timeline()))] == []
    assert book.names()[rows[1][0]] == "Påhittad p9"


def test_an_act_that_its_own_registrar_signs_is_not_flagged_whoever_carries_it(tmp_path: Path) -> None:
    book = with_keys(tmp_path)
    for carrier in ("sec", "sala-reg", "nobody"):
        assert book.record([OWN], by=carrier, signing=by(tmp_path, "sala"), dry_run=True).flagged == ()
    assert told(book, "sala-reg", OWN) != []


@pytest.mark.parametrize(
    ("name", "registrar", "said", "why"),
    [
        ("koping", "sala-reg", {}, "is by the key"),
        ("sala", "koping-reg", {}, "is by the key"),
        ("sala", "unknown", {}, "was not authorised"),
        ("sala", "sec", {}, "has no key"),
        ("sala", "sala-reg", {"namespace": "file"}, "is for 'file'"),
    ],
)
def test_a_signature_that_cannot_be_checked_is_refused(
    tmp_path: Path, name: str, registrar: str, said: dict[str, str], why: str
) -> None:
    assert why in refused(with_keys(tmp_path), by(tmp_path, name, registrar, **said))


def test_an_act_signed_for_another_ledger_place_append_or_registrar_is_refused(tmp_path: Path) -> None:
    book, seen = with_keys(tmp_path), list[bytes]()

    def spy(texts: list[bytes]) -> list[bytes]:
        seen.extend(texts)
        return [signed(tmp_path, "sala", text) for text in texts]

    book.record([OWN], by="sec", key="k1", signing=Signing("sala-reg", spy))
    [text] = seen
    lines = text.decode().split("\n")
    assert lines[:6] == ["liggare-act@v1", book.store.ledger_id, "sala-reg", "k1", "1/1", "withdrawal-decided"]
    blob = signed(tmp_path, "sala", text)
    for acts, append in (([OWN], "k2"), ([OWN, OWN], "k3")):
        with pytest.raises(Refused):
            book.record(acts, by="sec", key=append, signing=Signing("sala-reg", lambda texts: [blob] * len(texts)))
    (tmp_path / "other").mkdir()
    other = with_keys(tmp_path / "other")
    with pytest.raises(Refused):
        other.record([OWN], by="sec", key="k1", signing=Signing("sala-reg", lambda _: [blob]))


@pytest.mark.parametrize("signing", [("sala", "sala-reg"), None])
def test_an_act_whose_key_has_recorded_it_is_as_recorded_only_if_that_registrar_signed_it(
    tmp_path: Path, signing: tuple[str, str] | None
) -> None:
    book = with_keys(tmp_path)
    book.record([OWN], by="sec", key="k1", signing=signing and by(tmp_path, *signing))

    with pytest.raises(BadInput, match="and not signed by koping-reg"):
        book.record([OWN], by="sec", key="k1", signing=by(tmp_path, "koping", "koping-reg"))
    assert book.record([OWN], by="sec", key="k1").again
    if signing:
        assert book.record([OWN], by="sec", key="k1", signing=by(tmp_path, *signing)).again


def test_any_change_of_a_signed_entry_is_noticed(tmp_path: Path) -> None:
    book = with_keys(tmp_path)
    [entry] = book.record([OWN], by="sec", signing=by(tmp_path, "sala")).entries

    def problems(**changed: Any) -> list[str]:
        rows = [(entry.position, encode(structs.replace(entry, **changed)))]
        return [why for _, why in unsound(rows, book.store.ledger_id, partial(registrar_of, book.timeline()))]

    assert problems() == []
    assert problems(recorded_by="other") == []  # who carried it is no part of the act
    assert problems(key="other") != []
    assert problems(event=withdrew("2025-08-01", "koping")) != []
    assert problems(recorded_at="2024-01-01T00:00:00.000000Z") != []  # before sala-reg was authorised


def test_an_act_taken_out_of_the_middle_of_a_signed_append_is_noticed(tmp_path: Path) -> None:
    book = with_keys(tmp_path)
    three = book.record([OWN, registered("p8"), registered("p9")], by="sec", signing=by(tmp_path, "sala")).entries
    authorisations = [one for one in book.timeline().entries if one.event.event_name == "registrar-authorised"]

    def problems(*entries: Entry[Any]) -> set[int]:
        acts = Acts(book.store.ledger_id)
        found = [acts.take(one.position, one.key, encode(one)) for one in (*authorisations, *entries)]
        return {position for one in (*found, acts.end()) for position, _ in one}

    assert problems(*three) == set()
    assert problems(three[0], three[2]) == {three[0].position, three[2].position}


def test_an_entry_of_a_newer_program_is_said_to_be_that() -> None:
    with pytest.raises(NewerLedger):
        decode(encode(ledger().timeline().at(1)).replace(b'"v":1', b'"v":2'), 1)


def test_a_proof_of_a_registrars_key_is_checked(tmp_path: Path) -> None:
    book, public = ledger(), key(tmp_path, "sala")
    good = base64_of(
        signed(tmp_path, "sala", registrar_text(book.store.ledger_id, "sala-reg", "sala", public), REGISTRAR)
    )
    of_another = base64_of(
        signed(tmp_path, "sala", registrar_text(book.store.ledger_id, "x", "sala", public), REGISTRAR)
    )

    with pytest.raises(Refused) as raised:
        book.record([authorised("sala-reg", "party", party="sala", public_key=public, proof=of_another)], by="sec")
    assert "the proof of the registrar's key does not hold" in sentence(raised.value.findings[0])
    assert book.record([authorised("sala-reg", "party", party="sala", public_key=public, proof=good)], by="sec").entries


def test_a_name_given_by_its_digest_alone_is_refused_since_it_would_be_lost() -> None:
    book, ([sealed_act], outside) = ledger(), sealed([registered("p9")])
    head = book.timeline().head

    with pytest.raises(BadInput):
        book.record([sealed_act], by="sec")
    with pytest.raises(BadInput):
        book.record([sealed_act], by="sec", dry_run=True)

    assert (book.timeline().head, [*outside]) == (head, [0])


@pytest.mark.parametrize("beside", ["", "no disclosure", '{"name":"Påhittad p9"}'])
def test_what_is_no_disclosure_is_refused_beside_a_name(beside: str) -> None:
    with pytest.raises(BadInput) as raised:
        sealed([registered("p9")], {0: beside})
    assert "a name that is given beside the act is not the one" in str(raised.value)


def test_of_several_entries_only_one_that_is_signed_can_lack_its_registrar() -> None:
    book = ledger(registered("p9"))
    unsigned = book.timeline().at(1)
    by_nobody = structs.replace(unsigned, signature=Signature(registrar="nobody", ssh="AAAA"))

    assert unsignable([unsigned], book.timeline()) == []
    [found] = unsignable([unsigned, by_nobody], book.timeline())
    assert "nobody signed it, and was not authorised on that day" in sentence(found)


def test_an_account_is_kept_outside_the_log_and_disposed_of() -> None:
    account = "https://inloggning.example/ 8f1c"
    book = ledger(authorised("sec", "secretariat", account=account))
    position = book.timeline().head

    assert dict(book.accounts()) == {position: account}
    assert account.encode() not in b"".join(data for _, data in book.store.data(0, position))
    assert "8f1c" not in repr(book.timeline().at(position))

    book.record(
        [act("personal-data-disposed", "2026-01-01", organ="official", registrar="sec", decision="D")], by="sec"
    )
    assert dict(book.accounts()) == {}
    assert book.store.accounts() == {}


def test_a_registrar_without_an_account_has_none_to_dispose_of() -> None:
    disposal = act("personal-data-disposed", "2026-01-01", organ="official", registrar="sec", decision="D")
    book = ledger(authorised("sec", "secretariat"))

    with pytest.raises(Refused) as raised:
        book.record([disposal], by="sec")
    assert [sentence(one) for one in raised.value.findings] == ["registrar sec has no account to dispose of"]

    book.record([authorised("sec", "secretariat", account="https://inloggning.example/ 8f1c")], by="sec")
    book.record([disposal], by="sec")
    book.record([authorised("sec", "auditor")], by="sec")
    with pytest.raises(Refused) as raised:
        book.record([disposal], by="sec")
    assert "was disposed of already" in sentence(raised.value.findings[0])

"""Forms that no page sent: each is refused in words, or answered, and nothing is ever recorded or read by it."""

from __future__ import annotations

import logging
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger.events import EVENTS
from ledger.events.parse import parse_event
from tests.domain.examples import FIELDS, SOURCE
from tests.web.record.filling import BOUNDARY, OURS, File, Form, body_of, opened, send
from web.record.typed import event_of, typed_of

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Page, Reader

TIMES = 2_000
TOLD = "a file of the server"
REFUSED = {200, 303, 400, 403, 404, 409, 413, 422}
RECORDED = [name for name in EVENTS if event_of(name)]
EVENT_FIELDS = sorted({field for fields in FIELDS.values() for field in fields})
NAMES = [
    "agenda.99999.title", "agenda.9999.title", "agenda.0.title", "agenda.-1.title", "agenda.0", "agenda..title",
    "agenda.0.title.x", "agenda.٣.title", "__class__", "agenda.0.__class__", "__proto__", "self", "a.b.c.d", ".", "..",
    "", " ", "\x00", "on\x00", "[on]", "on[]", "on[0]", "{on}", "{0.__class__}", "{{7*7}}", "%(on)s", "vote.for",
    "vote.__init__", "figures.sala", "figures.", "figures.\x00", "figures.<b>", "seats.0.key", "seats.0.value",
    "seats.1.key", "terms", "terms.parties", "document", "documents.0.document", "source", "source.organ", "valid_on",
    "event", "source.document", "known_at", "lang", "by", "key", "_key", "_do", "_checked", "_outside", "_draft",
    "_next",
    "_signature.0", "_signature.", "_signature.99999", "_signature.x", "_", "__", "_reason", "_alone", "åäö",
    "\U0001f4a9",
    "\u202e", "x" * 5_000, *EVENT_FIELDS,
]  # fmt: skip
TEXTS = [
    "", " ", "\x00", "a\x00b", "\r\n", "\n" * 3_000, "9" * 100_000, "-" + "9" * 100_000, "1e309", "NaN", "Infinity",
    "٣",
    "0x10", "1_000", "1 000", "−5", "2025-02-30", "0000-00-00", "9999-12-31", "2025/01", "i dag", "today",
    "2025-01-01/",
    "@/etc/passwd", "@" + "/proc/self/environ", "file:///etc/passwd", "{", "[" * 100_000, '{"a":' * 30_000,
    '{"parties": [], "parties": []}', '{"x": ' + "9" * 100_000 + "}", '{"\\ud800": 1}', "null", "true", "[]", "{}",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{0.__class__}", "%s%n", "{value}",
    "\u202e",
    "\ufeff", "\ufffe", "a\u0300" * 2_000, "\U0001f4a9" * 3_000, "x" * 200_000, "p01", "p99", "sala", "srb-2025-1",
    "srb-2025-1/1", "a, " * 20_000, ",", "--", "-----BEGIN SSH SIGNATURE-----", "ssh-ed25519 AAAA", "record", "check",
    "more:agenda:9999999999999999999999", "more:", "text:0", "text:-1", "text:٣", "keep:", "unknown", "0" * 32,
    "f" * 64,
    '{"0": "x"}', "../../etc/passwd", "//evil.example", "javascript:alert(1)", "1" * 4_301,
]  # fmt: skip
KINDS = [
    "text/plain", "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "", "multipart/mixed",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x", f"multipart/form-data; boundary={BOUNDARY}-",
    f"multipart/form-data; boundary={BOUNDARY}; charset=utf-16",
    f"multipart/form-data; boundary={BOUNDARY}; charset=idna",
    f"MULTIPART/FORM-DATA; BOUNDARY={BOUNDARY}", f'multipart/form-data; boundary="{BOUNDARY}"',
    f"multipart/form-data; boundary={BOUNDARY}; boundary=y", "multipart/form-data; boundary=" + "x" * 400,
    "multipart/form-data; boundary=\xe5", f"multipart/form-data; charset=undefined; boundary={BOUNDARY}",
]  # fmt: skip
DOING = ["check", "record", "more:agenda:4", "keep", "text:0", "text:1", "nothing", "", "record\x00", "more:seats:4"]


def stored(ledger: Ledger) -> list[bytes]:
    return [data for _, data in ledger.store.data(0, ledger.store.head())]


def good(event: str, random: Random) -> list[tuple[str, str | File]]:
    """Returns the parts of a good form of an event, with a key of its own."""
    example = parse_event({"event": event, "valid_on": "2023-02-27", "source": SOURCE, **FIELDS[event]})
    typed = [(name, text) for name, texts in typed_of(example, "Testa Testdotter").items() for text in texts]
    return [("_key", f"{random.getrandbits(128):032x}"), *typed]


def mutated(parts: list[tuple[str, str | File]], random: Random) -> list[tuple[str, str | File]]:
    """Returns the parts of a form with one to four of them lost, repeated, renamed, retyped or made a file."""
    parts = [*parts]
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(parts) + 1)
        name, value = parts[place] if place < len(parts) else (random.choice(NAMES), random.choice(TEXTS))
        made: list[tuple[str, str | File]] = random.choice(
            [[], [(name, value)] * 2, [(random.choice(NAMES), value)], [(name, random.choice(TEXTS))] * 2,
             [(name, value), (name, random.choice(TEXTS))], [(name, File("../x", random.randbytes(50)))],
             [(random.choice(NAMES), random.choice(TEXTS)) for _ in range(5)], [(name, File("", b""))],
             [(f"{name}.{random.choice(NAMES)}", value)], [(name.upper(), value)]],
        )  # fmt: skip
        parts[place : place + 1] = made
    if not random.randrange(200):
        parts += [(f"agenda.{place}.title", "x") for place in range(random.choice([300, 3_900, 5_000]))]
    return parts


def spoilt(body: bytes, random: Random) -> bytes:
    """Returns the bytes of a body as they are, or cut, doubled or written over somewhere."""
    start = random.randrange(len(body) + 1)
    end = min(len(body), start + random.choice([1, 3, 40, 2_000]))
    part = random.choice([b"", body[start:end] * 2, random.randbytes(5), b"\xff\xfe", b"\xed\xa0\x80", b"\r\n--",
                          f"--{BOUNDARY}\r\n".encode(), f"--{BOUNDARY}--".encode(), b'"; name="_do"',
                          b"\x00"])  # fmt: skip
    return body if random.randrange(4) else body[:start] + part + body[end:]


def test_no_form_is_answered_with_an_error_of_ours(
    book: Ledger, recorder: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    random, before = Random(18), stored(book)  # noqa: S311 - the same each time
    found: dict[int, int] = {}
    for _ in range(TIMES):
        event = random.choice(RECORDED)
        parts = mutated([*good(event, random), ("_do", random.choice(DOING))], random)
        body = spoilt(body_of(parts), random)
        kind = f"multipart/form-data; boundary={BOUNDARY}" if random.randrange(12) else random.choice(KINDS)
        page = asked(recorder, event, kind, body)

        assert page.status in REFUSED, (event, kind, parts)
        assert "<script>alert" not in page.text, parts
        assert "<img src=x" not in page.text, parts
        assert "root:" not in page.text, parts
        found[page.status] = found.get(page.status, 0) + 1
        if page.status >= 400:
            assert "<h1>" in page.text, parts

    assert stored(book) == before  # each is recorded only after it was looked over
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert {200, 303, 400, 422} <= found.keys(), found


def asked(reader: Reader, event: str, kind: str, body: bytes) -> Page:
    headers = {"content_type": kind, "accept_language": "en", **OURS}
    try:
        return reader.asks("POST", f"/record/{event}", headers, body)
    except UnicodeEncodeError:  # a header that no server would let in
        return reader.asks("POST", f"/record/{event}", {**headers, "content_type": "x"}, body)


@pytest.mark.parametrize("many", [4_001, 60_000])
def test_a_form_with_too_many_fields_is_refused(book: Ledger, recorder: Reader, many: int) -> None:
    before = stored(book)
    page = send(recorder, "/record/meeting-held", [("_key", "0" * 32), *[("others", "x")] * many])

    assert (page.status, stored(book)) == (400, before)


def test_a_form_with_as_many_rows_as_it_may_have_is_answered_whole(recorder: Reader) -> None:
    form = opened(recorder, "/record/meeting-held?lang=en")
    rows = [(f"agenda.{place}.{part}", "x") for place in range(1_300) for part in ("title", "kind", "concerns")]
    page = Form(send(recorder, form.action, [("_key", form.hidden("_key")), *rows]))

    assert page.page.status == 422
    assert page.typed("agenda.1299.title") == ["x"]


def test_no_text_reads_a_file_of_the_server(recorder: Reader, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("server") / "secret"
    file.write_text(f'{{"title": "{TOLD}"}}', "utf-8")
    for event in RECORDED:
        form = opened(recorder, f"/record/{event}?lang=en")
        names = sorted({one.name for one in form.controls if not one.name.startswith("_")})
        page = send(recorder, form.action, [("_key", form.hidden("_key")), *((name, f"@{file}") for name in names)])
        assert TOLD not in page.text, event


def test_no_correction_is_answered_with_an_error_of_ours(book: Ledger, recorder: Reader) -> None:
    random, before, timeline = Random(19), stored(book), book.timeline()  # noqa: S311 - the same each time
    for _ in range(TIMES // 4):
        position = random.randint(1, timeline.head)
        typed = typed_of(timeline.at(position).event, "Testa Testdotter")
        parts: list[tuple[str, str | File]] = [(name, text) for name, texts in typed.items() for text in texts]
        beside = [("_key", f"{random.getrandbits(128):032x}"), ("_reason", random.choice(TEXTS)), ("_do", "record")]
        at = random.choice(
            [position, position, position, random.choice(["0", "-1", "9" * 400, "x", "1.5", "٣", "%00"])]
        )
        page = send(recorder, f"/correct/{at}", mutated([*beside, *parts], random))

        assert page.status in REFUSED, (at, parts)
        assert "<script>alert" not in page.text, parts

    assert stored(book) == before


FILES = [
    b"", b"\x00", b"\xff\xfe", b"\n" * 50_000, b"{}", b"[]", b"null\n" * 1_000, b'{"event": "nothing"}\n' * 2_000,
    b"[" * 100_000,
    b"@/etc/passwd", b'{"event": "agreement-proposed", "terms": "@/etc/passwd"}', b"PK\x03\x04" + b"x" * 5_000,
    b"version,title,terms\n1,x,@/etc/passwd\n", b"person;name\n" + b"p1;\x00\n" * 100, b'"' * 100_000, b"," * 100_000,
    b"a,b\n" + b"1,2\n" * 30_000, b"9" * 1_000_000, b"\xef\xbb\xbfperson\np1", "person\nåäö".encode("latin-1"),
    b'{"event": "signing-key-changed"}', b'{"event": "log-restored", "valid_on": "2025"}', b"<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("data", FILES, ids=range(len(FILES)))
def test_no_file_is_answered_with_an_error_of_ours(book: Ledger, recorder: Reader, data: bytes) -> None:
    before = stored(book)
    for event in ("", "person-registered", "agreement-proposed", "nothing", "log-restored", "\x00"):
        for differing in ("", "replace", "x"):
            given = [("_event", event), ("_differing", differing), ("_do", "record"), ("_kept", "x")]
            page = send(recorder, "/import?lang=en", [*given, ("_file", File("a.jsonl", data))])

            assert page.status in REFUSED - {303, 409}, event
            assert "root:" not in page.text
            assert "<script>alert" not in page.text
    assert stored(book) == before

"""The body of a form that was sent: what was typed, and the hidden fields, files and buttons beside it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted
from presentation.language import speaking
from web.desk import language_of
from web.record.typed import DOCUMENT, compacted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from web.record.typed import Typed

MOST_FIELDS, MOST_FILES, LONGEST_FIELD = 4_000, 50, 1_000_000  # of a form; the last in bytes
HIDDEN = "_"  # begins the names of what is not of the event: the buttons, the key, the draft
SIGNATURE = "_signature."  # begins the name of the signature of an act, whose place follows
OF_A_BUTTON = ("_do", "_checked", "_outside")  # hidden fields that change between looking over and recording
_KEY = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?", re.ASCII)  # drawn, or a digest of the file that is imported
_SIGNED = re.compile(re.escape(SIGNATURE) + r"(\d{1,4})", re.ASCII)
# RFC 2046 section 5.1.1
_BOUNDARY = re.compile(r"""boundary="?([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])""", re.IGNORECASE)


class Sent(NamedTuple):
    """A form that was sent. `typed` are the texts of the event's fields, compacted; `hidden` the values of the others
    by name, and `files` the bytes of each file.
    """

    typed: Typed
    hidden: Mapping[str, str]
    files: Mapping[str, bytes]

    @property
    def do(self) -> str:
        """The button that was pressed."""
        return self.hidden.get("_do", "check")

    @property
    def key(self) -> str:
        """The idempotency key that the form was made with. Raises BadInput for a form without one."""
        key = self.hidden.get("_key", "")
        if not is_key(key):
            raise BadInput([(None, f"_key: {msg('the form lacks the key that records it once; open the page again')}")])
        return key

    @property
    def signatures(self) -> dict[int, str]:
        """The text of each signature that was given, by the place of its act."""
        given = {name: data.decode("ascii", "replace") for name, data in self.files.items()}
        return {int(of[1]): text for name, text in {**self.hidden, **given}.items() if (of := _SIGNED.fullmatch(name))}

    @property
    def beside(self) -> dict[str, str]:
        """What was typed beside the event: the hidden fields without the signatures."""
        return {name: text for name, text in self.hidden.items() if not name.startswith(SIGNATURE)}

    @property
    def digest(self) -> str:
        """A digest of what was typed, by which a change after it was looked over is noticed."""
        beside = {name: text for name, text in self.beside.items() if name not in OF_A_BUTTON}
        return sha256(repr((sorted(self.typed.items()), sorted(beside.items()))).encode()).hexdigest()


def is_key(text: str) -> bool:
    """Returns whether a text is the key of a form."""
    return bool(_KEY.fullmatch(text))


async def answered(
    request: Request, asked: Callable[[Request], Response], taken: Callable[[Request, Sent], Response]
) -> Response:
    """Returns the answer to a request for a form, as `asked` gives it, or to a form that was sent, as `taken` does."""
    if request.method != "POST":
        return await run_in_threadpool(asked, request)
    with speaking(language_of(request)):
        body = await sent(request)
    return await run_in_threadpool(taken, request, body)


async def sent(request: Request) -> Sent:
    """Returns the form in the body of a request. Raises BadInput for a body that is none, with the name of a field that
    is none. A body that is too long is refused before: see `web.crossing`.
    """
    typed: dict[str, list[str]] = {}
    hidden: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in await _parts(request):
        if not isinstance(value, bytes):
            if name.startswith(HIDDEN):
                hidden[name] = value
            elif not (name.rpartition(".")[2] == DOCUMENT and name in typed):  # a new file stands before the old digest
                typed.setdefault(name, []).append(value)
        elif name.startswith(HIDDEN):
            files[name] = value
        elif name.rpartition(".")[2] == DOCUMENT:
            typed[name] = [sha256(value).hexdigest()]
        else:
            raise BadInput([(None, msg("{name} takes a text, and no file", name=quoted(name)))])
    return Sent(compacted(typed), hidden, files)


async def _parts(request: Request) -> list[tuple[str, str | bytes]]:
    """Returns (name, text or bytes of a file) of each part of a form, without the controls in which no file was chosen.
    Raises BadInput for a body that is no form in UTF-8, or that was lost before its end.
    """
    try:
        body = await request.body()
    except ClientDisconnect:
        raise _damaged() from None
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "multipart/form-data":
        raise BadInput([(None, msg("the form cannot be read: it was sent in another way than the page sends it"))])
    boundary = _BOUNDARY.search(parameters)
    # Read byte for byte: the parser takes what is not in the form's encoding for Latin-1, and does not say so.
    read_as = f'multipart/form-data; boundary="{boundary[1] if boundary else ""}"; charset=latin-1'
    parser = _Parser(
        Headers({"content-type": read_as}), _at_once(body),
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD,
    )  # fmt: skip
    parts: list[tuple[str, str | bytes]] = []
    try:
        for name, value in (await parser.parse()).multi_items():
            if isinstance(value, str):
                parts.append((_text(name, name), _text(name, value)))
            elif value.filename:
                parts.append((_text(name, name), await value.read()))
    except MultiPartException:
        raise _damaged() from None
    finally:
        parser.close()
    if not parser.ended:
        raise _damaged()
    return parts


class _Parser(MultiPartParser):
    """Parses a form, and tells whether it was whole: one that was cut off is parsed as a shorter one."""

    ended = False

    def on_end(self) -> None:
        """Notes that the form has its end."""
        self.ended = True

    def close(self) -> None:
        """Closes the files of the form, which are not read any more."""
        for file in self._files_to_close_on_error:
            file.close()


async def _at_once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
    yield b""


def _damaged() -> BadInput:
    what = msg(
        "the form cannot be read: it is damaged, or it has more than {fields:grouped} fields or {files:grouped}"
        " files, or a text longer than {bytes:grouped} bytes",
        fields=MOST_FIELDS, files=MOST_FILES, bytes=LONGEST_FIELD,
    )  # fmt: skip
    return BadInput([(None, what)])


def _text(name: str, read: str) -> str:
    try:
        return read.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise BadInput([(None, msg("{name} is not text in UTF-8", name=quoted(name)))]) from None

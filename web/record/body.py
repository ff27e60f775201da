"""The body of a form that was sent: what was typed, and the hidden fields, files and buttons beside it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted
from web.record.typed import compacted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from web.record.typed import Typed

MOST_FIELDS, MOST_FILES, LONGEST_FIELD = 4_000, 50, 1_000_000  # of a form; the last in bytes
LARGEST_BODY = 5_000_000  # bytes
HIDDEN = "_"  # begins the names of what is not of the event: the buttons, the key, the draft
OF_A_BUTTON = ("_do", "_checked", "_outside")  # hidden fields that change between looking over and recording
DOCUMENT = "document"  # the part of a name whose file is recorded as its digest
_KEY = re.compile(r"[0-9a-f]{32}([0-9a-f]{32})?", re.ASCII)  # drawn, or a digest of the file that is imported


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
    def digest(self) -> str:
        """A digest of what was typed, by which a change after it was looked over is noticed."""
        beside = {name: text for name, text in self.hidden.items() if name not in OF_A_BUTTON}
        return sha256(repr((sorted(self.typed.items()), sorted(beside.items()))).encode()).hexdigest()


def is_key(text: str) -> bool:
    """Returns whether a text is the key of a form."""
    return bool(_KEY.fullmatch(text))


async def sent(request: Request) -> Sent:
    """Returns the form in the body of a request. Raises BadInput for a body that is none, and HTTPException with status
    413 for one that is too long.
    """
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise HTTPException(413)
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except HTTPException as error:
        raise BadInput([(None, msg("the form cannot be read: {why}", why=error.detail))]) from None
    except (UnicodeDecodeError, LookupError):
        raise BadInput([(None, msg("the form cannot be read: it is not text in UTF-8"))]) from None
    typed: dict[str, list[str]] = {}
    hidden: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            if value.filename and name.rpartition(".")[2] == DOCUMENT:
                typed[name] = [sha256(data).hexdigest()]
            elif value.filename:
                files[name] = data
        elif name.startswith(HIDDEN):
            hidden[name] = value
        elif not (name.rpartition(".")[2] == DOCUMENT and name in typed):  # a new file stands before the old digest
            typed.setdefault(name, []).append(value)
    return Sent(_sound(typed), hidden, files)


def _sound(typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Returns what was typed, compacted. Raises BadInput, with the name, for texts that are not text in UTF-8."""
    wrong = [name for name, texts in typed.items() if any(not _is_text(one) for one in (name, *texts))]
    if wrong:
        raise BadInput((None, msg("{name} is not text in UTF-8", name=quoted(name))) for name in wrong)
    return compacted(typed)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

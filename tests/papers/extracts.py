"""Makes extracts, reads their attachments, and makes forged copies of them."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

import pikepdf
import pymupdf
from msgspec import json, structs

from papers.extract import PAPER, Told, disclosed_names, set_again, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.desk import Desk, Done

NUMBERS = count(1)
COUNCIL = "council --on 2024-06-01"


def made(desk: Desk, question: str, *options: object) -> Path:
    """Returns the path of a new extract."""
    path = desk.folder / f"extract-{next(NUMBERS)}.pdf"
    desk.does("paper", "extract", question, "-o", path, *options)
    return path


def put(desk: Desk, data: bytes) -> Path:
    """Writes a PDF to a new file and returns the path."""
    path = desk.folder / f"extract-{next(NUMBERS)}.pdf"
    path.write_bytes(data)
    return path


def audited(desk: Desk, data: bytes, *options: object) -> Done:
    """Returns the result of an audit of a PDF, which says in one line each what is wrong and prints no traceback."""
    done = desk("audit", put(desk, data), *options)
    assert done.code in {0, 2, 4}
    assert done.errors if done.code else not done.err
    assert "fault of this program" not in done.err
    return done


def attachments(data: bytes) -> dict[str, bytes]:
    with pikepdf.open(BytesIO(data)) as pdf:
        return {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}


def told(held: Mapping[str, bytes]) -> Told:
    return json.decode(held[PAPER], type=Told)


def listing(held: Mapping[str, bytes], **changes: object) -> dict[str, bytes]:
    """Returns attachments with a `paper.json` that names them as they are, and has changes."""
    files = {name: sha256(data).hexdigest() for name, data in held.items() if name != PAPER}
    return {**held, PAPER: written(structs.replace(told(held), files=files, **changes))}


def rebuilt(held: Mapping[str, bytes], **changes: object) -> bytes:
    """Returns the extract that this version makes of attachments, with a `paper.json` as `listing` makes it: the best
    that a forger can do who has the program. Names that cannot be read are left out of the pages.
    """
    forged = listing(held, **changes)
    with patch("papers.extract.disclosed_names", _read):
        return set_again(told(forged), forged)


def _read(lines: bytes) -> dict[int, str]:
    with suppress(ValueError):
        return disclosed_names(lines)
    return {}


def changed(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """Returns a PDF after a change by another program, which leaves everything else."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return out.getvalue()


def exchanged(data: bytes, held: Mapping[str, bytes]) -> bytes:
    """Returns an extract in which some attachments have other bytes."""

    def exchange(pdf: pikepdf.Pdf) -> None:
        for name, content in held.items():
            pdf.attachments[name].obj.EF.F.write(content)

    return changed(data, exchange)


def text(data: bytes) -> str:
    """Returns the text of all pages, with single spaces."""
    with pymupdf.open(stream=data) as pdf:  # type: ignore[no-untyped-call]
        return " ".join(" ".join(page.get_text().split()) for page in pdf)


def saved(data: bytes, folder: Path) -> Path:
    """Saves the attachments to a new folder, as a PDF reader does, and returns the folder."""
    folder.mkdir()
    for name, one in attachments(data).items():
        (folder / name).write_bytes(one)
    return folder


def refused(desk: Desk, data: bytes, *options: object) -> str:
    done = audited(desk, data, *options)
    assert done.code == 4, done
    return done.err

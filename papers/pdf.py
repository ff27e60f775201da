"""A paper as PDF, for the archive and for screen readers at once, set by typst (https://typst.app).

The text reaches the template as data and never as its source. A template reads no file but those given to it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import name

import orjson
from msgspec import Struct
from typst import Compiler, TypstError

from ledger.errors import BadInput
from ledger.messages import msg
from papers.paper import Chart, NewPage, Preformatted, Signature
from presentation.language import current
from presentation.render.typst import runs, typst_of
from presentation.words import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from papers.paper import Foot, Letterhead, Paper, Piece

Standards = tuple[Literal["a-2a", "a-3a", "ua-1"], ...]
FILES = ("paper.typ", "letterhead.typ")  # what a template may replace
ARCHIVED: Standards = ("a-2a", "ua-1")  # PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) in one file
WITH_ATTACHMENTS: Standards = ("a-3a", "ua-1")  # PDF/A-3a (ISO 19005-3) allows files of any kind to be attached
FONTS = "Libertinus Serif", "DejaVu Sans Mono"  # typst carries them; none of the computer's own is ever used
# Latin letters and dashes, which the fonts have.
_USUAL = re.compile("[\n -~\u00a0-\u017f\u2010-\u2027\u2030-\u203a\u2212]*")
_PACKAGE = re.compile(rb"[\"']@[\w-]+/")
# Letters that Unicode gives no meaning: PDF/A-2a forbids them (ISO 19005-2, 6.2.11.7).
_UNSET = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LACKED = re.compile("[\u3400-\ua4cf\uac00-\ud7a3\U00020000-\U000323af]")  # 130,000 that need not be tried one by one


def pdf_of(paper: Paper, foot: Foot, head: Letterhead, template: Mapping[str, bytes] = {}) -> bytes:
    """Returns a paper as PDF/A-2a and PDF/UA-1. The same paper, foot, language and program give the same bytes.

    `template` holds the files by name that stand in for our own.
    """
    return set_in_type(data_of(paper, foot, head), template)


def data_of(paper: Paper, foot: Foot, head: Letterhead) -> dict[str, Any]:
    """Returns a paper as the data that the template reads. A letter that no font has is spelt out."""
    found = {
        "kind": paper.kind,
        "title": paper.title,
        "language": current(),
        "sender": head._asdict(),
        "facts": [{"label": label, "text": runs(text)} for label, text in paper.facts],
        "body": [*chain.from_iterable(_of(one) for one in _gathered(paper.body))],
        "foot": {
            "lines": foot.lines(),
            "said": foot.said(),
            "page": msg("Page"),
            "of": msg("of"),
            "moment": foot.moment.strftime("%Y-%m-%dT%H:%M:%S"),
        },
    }
    told: dict[str, Any] = _settable(found)
    return told


class Unset(Exception):
    """typst cannot set what it was given, for the reason that the text gives."""


class Attached(Struct, frozen=True):
    """A file that is attached to a PDF: `about` says what it is, and `relationship` is one of PDF/A-3."""

    name: str
    data: bytes
    about: str
    mime: str
    relationship: str = "supplement"


def set_in_type(
    data: Mapping[str, Any], template: Mapping[str, bytes] = {}, attached: Sequence[Attached] = ()
) -> bytes:
    """Returns the PDF that the template makes of the data, a PDF/A-3a if files are attached.

    Raises BadInput for a template that typst cannot compile, and for one that imports a package: typst would fetch it.
    """
    if any(_PACKAGE.search(one) for one in template.values()):
        raise BadInput([(None, msg("a template imports no package: copy what it needs into its folder"))])
    ours = files("papers") / "templates"
    given = {name: (ours / name).read_bytes() for name in FILES} | dict(template)
    told = [
        {"name": one.name, "about": one.about, "mime": one.mime, "relationship": one.relationship} for one in attached
    ]
    given |= {"main.typ": (ours / "main.typ").read_bytes(), "paper.json": orjson.dumps(data)}
    given |= {"attached.json": orjson.dumps(told), **{f"attached/{one.name}": one.data for one in attached}}
    try:
        made: bytes = _compiled(given, WITH_ATTACHMENTS if attached else ARCHIVED)
    except Unset as error:
        problem = str(error).replace("`", "'")
        raise BadInput([(None, msg("the template cannot be set; typst says `{problem}`", problem=problem))]) from None
    return made


def _compiled(given: Mapping[str, bytes], standards: Standards) -> Any:
    """Returns the PDF of `main.typ` among the files given, in a folder that holds nothing else. Raises Unset."""
    with TemporaryDirectory(prefix="liggare-paper-") as folder:
        for name, data in given.items():
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        main = str(Path(folder) / "main.typ")
        compiler = Compiler(main, root=folder, ignore_system_fonts=True, package_path=folder, package_cache_path=folder)
        try:
            return compiler.compile(pdf_standards=[*standards])
        except TypstError as error:
            raise Unset(str(error).replace(f"{folder}/", "")) from None


def _gathered(body: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yields the pieces of a body, those that are set together in one list."""
    kept: list[Piece] = []
    for one in body:
        if isinstance(one, Chart | NewPage | Preformatted) or isinstance(one, Signature) != (
            bool(kept) and isinstance(kept[0], Signature)
        ):
            yield kept
            kept = []
        kept.append(one)
    yield kept


def _of(pieces: list[Piece]) -> Iterator[dict[str, Any]]:
    """Yields the data of pieces that are set together."""
    match pieces:
        case [NewPage(), *rest]:
            yield {"kind": "page"}
            yield from _of(rest)
        case [Chart() as chart, *rest]:
            most = max((one.value for one in chart.bars), default=0) or 1
            bars = [
                {"label": one.label, "text": one.text, "share": one.value / most, "wrong": one.wrong}
                for one in chart.bars
            ]
            yield {"kind": "chart", "caption": chart.caption, "alternative": chart.alternative, "bars": bars}
            yield from _of(rest)
        case [Preformatted() as text, *rest]:
            yield {"kind": "preformatted", "meaning": text.meaning, "text": text.text}
            yield from _of(rest)
        case [Signature(), *_]:
            lines = [
                {"what": one.what, "name": one.name, "day": one.day} for one in pieces if isinstance(one, Signature)
            ]
            yield {"kind": "signatures", "lines": lines}
        case _:
            yield from typst_of(
                one for one in pieces if not isinstance(one, Chart | NewPage | Preformatted | Signature)
            )


def _settable(value: Any) -> Any:
    """Returns data whose texts hold only letters that are seen, and that the fonts have."""
    if isinstance(value, str):
        shown = visible_lines(value)
        return shown if _USUAL.fullmatch(shown) else _spelt(shown)
    if isinstance(value, dict):
        return {key: _settable(one) for key, one in value.items()}
    return [_settable(one) for one in value] if isinstance(value, list | tuple) else value


def _spelt(text: str) -> str:
    """Returns a text in which each letter that no font has is spelt out, as [U+1F600 GRINNING FACE]."""
    unknown = {one for one in set(text) if not _USUAL.fullmatch(one)}
    lacking = {one for one in unknown if not _has(one)}
    return "".join(f"[U+{ord(one):04X} {name(one, '')}".rstrip() + "]" if one in lacking else one for one in text)


@cache
def _has(letter: str) -> bool:
    """Returns whether the fonts have a letter: whether a paper with nothing else can be made."""
    if _UNSET.match(letter) or _LACKED.match(letter):
        return False
    try:
        _compiled({"main.typ": _PROBE, "paper.json": orjson.dumps(letter)}, ARCHIVED)
    except Unset:
        return False
    return True


_PROBE = (
    b'#set document(title: "-")\n#set text(font: ("'
    + b'", "'.join(one.encode() for one in FONTS)
    + b'"), lang: "sv")\n'
    b'#json("paper.json")'
)

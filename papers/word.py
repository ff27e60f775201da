"""A paper for Word (.docx): a template that a secretary can change in Word, filled in by docxtpl.

`papers.contexts` says what a template may name. What the ledger holds is text in it, and never a tag or markup.
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from msgspec import Struct

from ledger.errors import BadInput
from ledger.messages import msg
from papers.contexts import Shared, labels
from papers.minutes import context_of as of_minutes
from papers.notice import context_of as of_notice
from papers.paper import letterhead
from papers.readings import supposing
from presentation.blocks import Words
from presentation.language import current
from presentation.words import visible_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papers.contexts import MinutesContext, NoticeContext
    from papers.paper import Foot, Ordered

CONTEXTS: dict[str, Callable[[Ordered], NoticeContext | MinutesContext]] = {
    "notice": of_notice,
    "minutes": of_minutes,
}
MOMENT = "moment"  # the name of the moment that a document says it is of, which no template is given
LARGEST = 64 << 20  # bytes of all files in a template, unpacked
SINCE = (1980, 1, 1, 0, 0, 0)  # the time of every file within, the first that a zip can hold
LOCALES = {"sv": "sv-SE", "en": "en-GB"}  # language → the one in which Word checks the spelling


def context(kind: str, ordered: Ordered, foot: Foot) -> dict[str, Any]:
    """Returns the values that a template of a kind may name. Raises what the making of such a paper raises."""
    head, assumed = letterhead(ordered, None), ordered.asked.assumed
    shared = Shared(labels(), head.name, head.agreement, foot.lines())
    own = CONTEXTS[kind](ordered)
    values = {name: getattr(one, name) for one in (own, shared) for name in one.__struct_fields__}
    return {**values, MOMENT: foot.moment, "remarks": (*supposing(assumed), *own.remarks)}


def docx_of(kind: str, context: Mapping[str, Any], template: Mapping[str, bytes] = {}) -> bytes:
    """Returns a paper for Word. The same context, template and program give the same bytes.

    `template` is empty for our own, or holds one file by its name. Raises BadInput for one that cannot be filled in.
    """
    ours = f"{kind}.docx"
    name, data = next(iter(template.items()), (ours, b""))
    if not template:
        data = (files("papers") / "templates" / ours).read_bytes()
    try:
        return _filled(_within_bounds(data), context)
    except Exception as error:  # noqa: BLE001 - a template can be wrong in any way
        what = msg("the template {file} cannot be filled in: {problem}", file=name, problem=_problem(error))
        raise BadInput([(None, what)]) from None


def _problem(error: Exception) -> str:
    """Returns what is wrong with a template in one line."""
    if isinstance(error, BadZipFile | KeyError):
        return msg("it is no Word file")
    return " ".join(str(error).split())[:200] or type(error).__name__


def _within_bounds(data: bytes) -> bytes:
    """Returns a template, of which nothing is unpacked yet. Raises BadZipFile for one that is no zip or too large."""
    with ZipFile(BytesIO(data)) as opened:
        if sum(one.file_size for one in opened.infolist()) > LARGEST:
            raise BadZipFile
        opened.getinfo("word/document.xml")
    return data


def _filled(template: bytes, context: Mapping[str, Any]) -> bytes:
    told = {name: _told(value) for name, value in context.items() if name != MOMENT}
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document: Any = DocxTemplate(BytesIO(template))
    document.render(told, environment)
    _described(document, context)
    saved = BytesIO()
    document.save(saved)
    return rezipped(saved.getvalue())


def _told(value: Any) -> Any:
    """Returns a value as a template is given it. A brace becomes a reference, for docxtpl would read some as tags."""
    if isinstance(value, Struct) and not isinstance(value, Words):
        return {name: _told(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [*map(_told, value)]
    if isinstance(value, dict):
        return {name: _told(one) for name, one in value.items()}
    if isinstance(value, date):
        return msg("{day:long}", day=value)
    text = "" if value is None else visible_lines(str(value))
    return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;").replace("%", "&#37;"))  # noqa: S704


def _described(document: Any, context: Mapping[str, Any]) -> None:
    """Sets what a document says of itself: title, author, times and language."""
    about, moment = document.core_properties, context[MOMENT].replace(tzinfo=None, microsecond=0)
    about.title, about.author, about.last_modified_by = context["title"][:255], context["sender"][:255], ""
    about.created = about.modified = moment
    about.comments, about.revision = "", 1
    locale = LOCALES.get(current(), current())
    about.language = locale
    for one in document.docx.styles.element.xpath("./w:docDefaults//w:lang"):
        one.set(qn("w:val"), locale)


def rezipped(data: bytes) -> bytes:
    """Returns a zip with the same files in order of name, without the times at which they were written."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(made, "w") as target:
        for name in sorted(source.namelist()):
            info = ZipInfo(name, SINCE)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return made.getvalue()

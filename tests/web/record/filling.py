"""Forms as a browser has them: read from their page, filled in, and sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.web.reader import Page, Reader

BOUNDARY = "----liggare-tests"
OURS = {"sec_fetch_site": "same-origin"}
VOID = {"input", "meta", "link", "br", "img"}


class NoChoiceError(Exception):
    """A control does not have the choice that is to be made."""


class File(NamedTuple):
    """A file that is sent in a form."""

    name: str
    data: bytes


class Control(NamedTuple):
    """A control as the page has it: its kind (text, file, hidden, checkbox, select or textarea), and its values."""

    name: str
    kind: str
    values: tuple[str, ...]  # what it sends as the page was opened
    choices: tuple[str, ...]  # the value of a tick, or of each option


class Form(HTMLParser):
    """Reads the one form of an act from its page. `controls` are in the order of the page; `buttons` maps the value of
    each button to its words; `faults` the id of each control to the sentence beside it; `said` is all the text.
    """

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.action = page, ""
        self.controls: list[Control] = []
        self.buttons: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self.links: list[str] = []
        self.ids: list[str] = []
        self.said = ""
        self._inside = False
        self._open: list[tuple[str, Mapping[str, str]]] = []
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form":
            self._inside = "act" in given.get("class", "").split()
            self.action = given["action"] if self._inside else self.action
        if tag not in VOID:
            self._open.append((tag, given))
        if self._inside:
            self._begins(tag, given)

    def _begins(self, tag: str, given: Mapping[str, str]) -> None:
        name = given.get("name", "")
        if tag == "button":
            self.buttons[given["value"]] = ""
        elif tag == "input" and given.get("type") == "checkbox":
            sent: tuple[str, ...] = (given["value"],) if "checked" in given else ()
            self.controls.append(Control(name, "checkbox", sent, (given["value"],)))
        elif tag == "input":
            kind = given.get("type", "text")
            self.controls.append(Control(name, kind, () if kind == "file" else (given.get("value", ""),), ()))
        elif tag in {"select", "textarea"}:
            self.controls.append(Control(name, tag, ("",), ()))
        elif tag == "option" and self._open[-2][0] == "select":
            last = self.controls[-1]
            chosen = (given["value"],) if "selected" in given else last.values
            self.controls[-1] = last._replace(values=chosen, choices=(*last.choices, given["value"]))

    def handle_data(self, data: str) -> None:
        self.said += data
        tag, given = self._open[-1] if self._open else ("", {})
        if tag == "textarea":
            self.controls[-1] = self.controls[-1]._replace(values=(self.controls[-1].values[0] + data,))
        if tag == "button" and self._inside:
            self.buttons[given["value"]] += data
        if given.get("id", "").startswith("fault-"):
            self.faults[given["id"].removeprefix("fault-f-")] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.controls:
            last = self.controls[-1]
            self.controls[-1] = last._replace(values=(last.values[0].removeprefix("\n").replace("\n", "\r\n"),))
        if tag == "form":
            self._inside = False
        while self._open and self._open.pop()[0] != tag:
            pass

    @property
    def names(self) -> set[str]:
        """The names of the controls."""
        return {one.name for one in self.controls}

    @property
    def sends(self) -> list[tuple[str, str]]:
        """What a browser sends, without the button."""
        return [(one.name, value) for one in self.controls for value in one.values]

    def hidden(self, name: str) -> str:
        return next(value for one in self.controls if one.name == name for value in one.values)

    def typed(self, name: str) -> list[str]:
        """The texts that stand in the controls of a name."""
        return [value for one in self.controls if one.name == name for value in one.values if value]

    def fill(self, typed: Mapping[str, Sequence[str]]) -> Form:
        """Types texts by the names of their controls, as a person can: ticks and selects only have their choices."""
        for name, texts in typed.items():
            at = [place for place, one in enumerate(self.controls) if one.name == name and one.kind != "hidden"]
            assert at, f"no control {name}"
            ticked = self.controls[at[0]].kind == "checkbox"
            assert ticked or len(at) >= len(texts), f"{name} has {len(at)} controls, not {len(texts)}"
            for line, place in enumerate(at):
                one = self.controls[place]
                if ticked:
                    sent = one.choices if one.choices[0] in texts else ()
                else:
                    sent = (texts[line],) if line < len(texts) else ("",)
                    if one.kind == "select" and sent[0] not in one.choices:
                        raise NoChoiceError(name, sent[0], one.choices)
                self.controls[place] = one._replace(values=sent)
            if ticked and {*texts} != {*self.typed(name)}:
                raise NoChoiceError(name, texts)
        return self

    def put(self, name: str, value: str) -> Form:
        """Changes what the first control of a name sends, whatever it is."""
        place = next(place for place, one in enumerate(self.controls) if one.name == name)
        self.controls[place] = self.controls[place]._replace(values=(value,))
        return self

    def press(self, reader: Reader, do: str, *files: tuple[str, File], **headers: str) -> Page:
        """Presses a button, which must be there."""
        assert do in self.buttons, self.said
        return send(reader, self.action, [*self.sends, ("_do", do), *files], **headers)


def opened(reader: Reader, address: str) -> Form:
    """Returns the form at an address."""
    page = reader.get(address, accept_language="en")
    assert page.status == 200, page.text
    return Form(page)


def send(reader: Reader, address: str, parts: Iterable[tuple[str, str | File]], **headers: str) -> Page:
    """Sends a form."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    given = {"accept_language": "en", "content_type": kind, **OURS, **headers}
    return reader.asks("POST", address, given, body_of(parts))


def body_of(parts: Iterable[tuple[str, str | File]]) -> bytes:
    """Returns the body of a form, as `multipart/form-data` (RFC 7578)."""
    return b"".join(map(_part, parts)) + f"--{BOUNDARY}--\r\n".encode()


def _part(one: tuple[str, str | File]) -> bytes:
    name = one[0].replace("\\", r"\\").replace('"', r"\"").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    value = one[1]
    if isinstance(value, File):
        head += f'; filename="{value.name}"\r\nContent-Type: application/octet-stream'
    data = value.data if isinstance(value, File) else value.encode(errors="surrogatepass")
    return head.encode(errors="surrogatepass") + b"\r\n\r\n" + data + b"\r\n"


def recorded(reader: Reader, page: Page) -> Page:
    """Returns the page that a recorded form leads to."""
    assert page.status == 303, Form(page).said
    found = reader.get(page.headers["location"])
    assert found.status == 200
    return found


def record(reader: Reader, event: str, typed: Mapping[str, Sequence[str]]) -> Page:
    """Opens the form of an event, types texts in it, looks it over, and records it."""
    form = opened(reader, f"/record/{event}?lang=en")
    looked = fitted(reader, form, typed).press(reader, "check")
    assert looked.status == 200, Form(looked).faults or Form(looked).said
    return recorded(reader, Form(looked).press(reader, "record"))


def fitted(reader: Reader, form: Form, typed: Mapping[str, Sequence[str]]) -> Form:
    """Types texts in a form, which is asked for more rows and for what there is to choose from until all texts fit."""
    early = {name: texts for name, texts in typed.items() if name in {"meeting", "request", "person"}}
    if early:
        form = Form(form.fill(early).press(reader, "check"))
    for _ in range(200):
        lacking = [name for name, texts in typed.items() if form_lacks(form, name, len(texts))]
        if not lacking:
            return form.fill(typed)
        fits = {name: texts for name, texts in typed.items() if name not in lacking}
        more = next(one for one in form.buttons if one.startswith(f"more:{lacking[0].partition('.')[0]}:"))
        form = Form(form.fill(fits).press(reader, more))
    raise AssertionError(lacking)


def form_lacks(form: Form, name: str, many: int) -> bool:
    """Returns whether a form has too few controls of a name."""
    there = [one for one in form.controls if one.name == name and one.kind != "hidden"]
    return not there or (there[0].kind != "checkbox" and len(there) < many)


def urlpath(address: str) -> str:
    return urlsplit(address).path

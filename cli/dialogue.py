"""The dialogue at a terminal: asks for missing fields, and again for refused ones, until the act is recorded or given
up.
"""

from __future__ import annotations

import json
import re
from functools import partial
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

import click

from cli.draft import Draft, drafts_folder
from cli.error_output import report
from cli.fields import as_options, option_name
from cli.listing import INDENT, listed, taken
from ledger.errors import BadInput, KeyTaken, Refused
from ledger.events.parse import parse_event
from ledger.events.shape import fields_of
from ledger.messages import cause, filled, marked, msg, term
from ledger.values import Name
from presentation.words import visible
from recording.choices import KINDS, Choice, Known, is_new, meant, yes_or_no
from recording.fields import COMMON, bare_meanings, meanings, raw_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cli.session import Session
    from ledger.events import Event

    Texts = dict[str, list[str]]
    T = TypeVar("T")

AGENDA = marked("The agenda, item by item. Enter skips an optional part; without a title, it ends the agenda.")
KEPT = marked("your answers are kept in {file}; the same command takes them up again")
KEPT_BUT_NAMES = marked("your answers, but for the name, are kept in {file}; the same command takes them up again")
PART = marked("item {number}, {part}")
OPTIONAL_PART = marked("item {number}, {part} (optional)")
OPTIONAL = {
    "title": marked("item {number}, {part} (Enter: no more items)"),
    "concerns": marked("item {number}, {part} (optional; separate with ;)"),
}
PARTS = ("title", "kind", "topic", "concerns", "continues")  # the parts of an item, in the order of the questions
CLEARED = "-"  # this answer clears an optional field


def recorded_by_asking(
    event: type[Event], given: Texts, session: Session, location: str, record: Callable[[Texts], T]
) -> T:
    """Returns what `record` returns for the fields given and the answers of a person to the missing fields.

    When `record` refuses the act, the reasons are printed and the fields concerned are asked again. The dialogue ends
    when the person changes nothing. Answers that are not recorded are kept in a draft.
    """
    refused: BadInput | Refused | None = None
    dialogue: Dialogue | None = None
    code = 0
    try:
        while True:
            with session.ledger(location) as ledger:
                known = Known(ledger.timeline(), ledger.names())
                session.asking = True
                if dialogue is None:
                    draft = Draft(drafts_folder(), f"{ledger.store.ledger_id}-{event.event_name}")
                    dialogue = Dialogue(event, given, draft, known)
                    dialogue.complete()
                else:
                    assert refused is not None, "the dialogue goes on only after a refusal"
                    dialogue.known = known
                    if not dialogue.correct(refused):
                        raise click.exceptions.Exit(code)
                session.asking = False
            try:
                return record(dialogue.texts)
            except (BadInput, Refused) as error:
                if not dialogue.answers or isinstance(error, KeyTaken):
                    raise
                refused, code = error, report(error, (), session)
    except click.Abort:
        click.echo(err=True)  # ends the line that the person was typing
        raise
    finally:
        if dialogue is not None:
            dialogue.end(done=bool(session.done))


class Question(NamedTuple):
    """A question to a person, and how the answer is read: `read` returns texts, or raises BadInput.

    `lines` are shown above the question, once in a dialogue.
    """

    key: str
    told: str
    choices: Sequence[Choice]
    lines: Sequence[str]
    read: Callable[[str], list[str]]
    optional: bool

    def takes(self, texts: list[str]) -> bool:
        """Returns whether texts from a draft are still a valid answer."""
        try:
            return self.read("; ".join(texts)) == texts if texts else self.optional
        except BadInput:
            return False


class Dialogue:
    """The answers for one event, by field. The parts of an agenda item have keys such as `agenda/2/title`."""

    def __init__(self, event: type[Event], given: Texts, draft: Draft, known: Known) -> None:
        self.event, self.given, self.draft, self.known = event, given, draft, known
        self.answers: Texts = {}
        self.shapes = {field.name: field.shape for field in fields_of(event)}
        self.fields = tuple(dict.fromkeys(("on", "organ", *self.shapes, *COMMON)))  # the order of the questions
        self._kept: Texts = {}  # answers from a draft that are not used yet
        self._listed: set[tuple[str, ...]] = set()
        self._nameless = False  # whether a person's name was answered, which the draft leaves out

    @property
    def texts(self) -> Texts:
        """The texts by field: those of the options given, replaced or completed by the person's answers."""
        own = {field: texts for field, texts in self.answers.items() if "/" not in field and texts}
        kept = {field: texts for field, texts in self.given.items() if field not in self.answers}
        return {**kept, **own}

    def complete(self) -> None:
        """Asks for each required field that was not given."""
        required = ("on", "organ", *(field.name for field in fields_of(self.event) if field.required))
        missing = [field for field in required if field not in self.given]
        if missing and self.draft.is_kept:
            self._offer()
        for field in missing:
            self._field(field)

    def correct(self, error: BadInput | Refused) -> bool:
        """Asks again for the fields that an error concerns, and returns whether the person changed any field.

        When the person changes none of the fields concerned, all other fields are asked again.
        """
        before = self.texts
        _tell(msg("Enter keeps the answer in [ ]; Ctrl-C gives up."))
        first = self._concerned(error)
        for field in first:
            self._field(field)
        if self.texts == before:
            for field in self.fields:
                if field in before and field not in first:
                    self._field(field)
        return self.texts != before

    def end(self, *, done: bool) -> None:
        """Deletes the draft when the act was recorded.

        When the act was not recorded, prints where the draft is kept, or why the answers are not kept.
        """
        if done and self.answers:
            self.draft.forget()
        elif self.answers and self.draft.fault is not None:
            lost = msg("your answers are not kept: {error}", error=cause(self.draft.fault))
            _tell(f"liggare: {lost}")
        elif self.answers and self.draft.is_kept:
            _tell(f"liggare: {filled(KEPT_BUT_NAMES if self._nameless else KEPT, {'file': str(self.draft.path)})}")
        self.draft.close()

    def _offer(self) -> None:
        """Shows the answers in the draft, and uses them or deletes them as the person decides."""
        kept, parts = self.draft.answers(), self.known.of_an_item()
        at = self.draft.kept_at
        _tell(msg(
            "You gave these answers on {day} at {hour}:{minute}, and did not record them:",
            day=at.date(), hour=f"{at:%H}", minute=f"{at:%M}",
        ))  # fmt: skip
        for question, texts in kept.items():
            _, number, part = question.split("/") if question.count("/") == 2 else ("", "", "")
            choices = parts.get(part, []) if part else self.known.of(self.event, question, kept)
            if texts:
                label = msg("item {number}, {part}", number=number, part=part) if part else option_name(question)
                _tell(f"{INDENT}{label}: {_named(texts, choices)}")
        if kept and _agreed(msg("Use them again [Y/n]"), otherwise=True):
            self._kept = kept
        else:
            self.draft.forget()

    def _concerned(self, error: BadInput | Refused) -> list[str]:
        """Returns the fields that an error names, and the fields whose answers a refusal quotes."""
        if isinstance(error, Refused):
            values = [value for found in error.findings for value in found.values.values()]
            said = {str(one) for value in values for one in (value if isinstance(value, tuple) else (value,))}
            return [field for field in self.fields if said & {*self.texts.get(field, ())}]
        words = [re.findall(r"[a-z_]+", what.removeprefix("--").replace("-", "_")) for _, what in error.errors]
        leading = {of_one[0] for of_one in words if of_one}
        named = {word for of_one in words for word in of_one if len(word) > 2}  # the field `to` is also a common word
        return [field for field in self.fields if field in leading | named]

    def _field(self, field: str) -> None:
        if field == "agenda":
            self._agenda()
            return
        choices, new = self.known.of(self.event, field, self.texts), is_new(self.event, field)
        if choices and not new:  # the choices are listed above the question
            told = bare_meanings(self.event)[field].partition(":")[0].partition(";")[0]
        else:
            told = meanings(self.event)[field]
        name = option_name(field)
        if self._takes_several(field):
            told = msg("{field} ({meaning}; separate with ;)", field=name, meaning=told)
        elif choices == yes_or_no():
            told = msg("{field} ({meaning}; yes or no)", field=name, meaning=told)
        else:
            told = f"{name} ({told})"
        lines = taken(choices) if new else [] if choices == yes_or_no() else listed(choices)
        choices = [] if new else choices
        self._ask(Question(
            key=field, told=told, choices=choices, lines=lines,
            read=partial(self._read, field, choices),
            optional=field not in self.given and not self._is_required(field),
        ))  # fmt: skip

    def _read(self, field: str, choices: Sequence[Choice], text: str) -> list[str]:
        """Returns the texts of a field from an answer. Raises BadInput when the answer is not valid."""
        split = self._takes_several(field) and not text.startswith(("{", "[", "@"))
        texts = [meant(one.strip(), choices) for one in (text.split(";") if split else [text])]
        _refuse_if(_wrong(self.event, field, texts))
        return texts

    def _agenda(self) -> None:
        """Asks for an agenda item by item. An agenda that is given already is kept unless the person wants to change
        it.
        """
        before = len(self.texts.get("agenda", ()))
        change = msg("Change any of the {items:item|items} on the agenda? [y/N]", items=before)
        if before and not _agreed(change, otherwise=False):
            return
        items: list[str] = []
        choices = self.known.of_an_item()
        while item := self._item(len(items) + 1, choices):
            items.append(json.dumps(item, ensure_ascii=False))
        self.answers["agenda"] = items

    def _item(self, number: int, choices: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
        """Returns an agenda item in the form in which it is recorded; an empty dict when the person ends the agenda."""
        item: dict[str, Any] = {"number": number}
        lines = [
            *_wrapped(filled(AGENDA, {})).splitlines(),
            *(line for part in PARTS for line in (f"{term('field', part)}:", *listed(choices[part])) if choices[part]),
        ]
        for part in PARTS:
            if part == "continues" and not choices[part]:
                continue
            optional = number > 1 if part == "title" else part != "kind"
            message = OPTIONAL.get(part, OPTIONAL_PART) if optional else PART
            texts = self._ask(Question(
                key=f"agenda/{number}/{part}", told=filled(message, {"number": number, "part": part}),
                choices=choices[part], lines=lines, read=partial(self._part, part, choices[part]), optional=optional,
            ))  # fmt: skip
            if not texts and part == "title":
                return {}
            if texts:
                item[part] = texts if part == "concerns" else texts[0]
        return item

    def _part(self, part: str, choices: Sequence[Choice], text: str) -> list[str]:
        """Returns the texts of a part of an agenda item from an answer. Raises BadInput when the answer is
        not valid.
        """
        several = part == "concerns"
        texts = [meant(one.strip(), choices, partly=not several) for one in (text.split(";") if several else [text])]
        item = {"number": 1, "title": "x", "kind": KINDS[0], part: texts if several else texts[0]}
        wrong = _wrong(self.event, "agenda", [json.dumps(item)])
        _refuse_if(re.sub(r"^--agenda\[0\]\.?", "", one) for one in wrong)
        return texts

    def _ask(self, question: Question) -> list[str]:
        """Returns the answer to a question: the draft's answer if it is valid, and otherwise an answer given by the
        person.

        An answer that cannot be read is asked for again.
        """
        before = self.texts.get(question.key) or self.answers.get(question.key, [])
        texts = self._kept.pop(question.key, None)
        if texts is not None and question.takes(texts):
            self.answers[question.key] = texts
            return texts
        if question.lines and tuple(question.lines) not in self._listed:
            self._listed.add(tuple(question.lines))
            for line in question.lines:
                _tell(line)
        shown = f" [{'; '.join(before)}]" if before else ""
        default = "; ".join(before) if before else "" if question.optional else None
        while True:
            text = click.prompt(_wrapped(f"{question.told}{shown}"), default=default, show_default=False,
                                err=True).strip()  # fmt: skip
            if before and text == default:
                return before
            try:
                texts = [] if question.optional and text in {"", CLEARED} else question.read(text)
            except BadInput as error:
                for _, what in error.errors:
                    _tell(f"liggare: {what}")
                continue
            if "; ".join(texts).casefold() != text.casefold() and texts:
                _tell(f"{INDENT}{_named(texts, question.choices)}")
            self._keep(question.key, texts)
            return texts

    def _keep(self, key: str, texts: list[str]) -> None:
        """Keeps an answer in the draft, except for a person's name.

        A name must be stored only in the ledger, where it can be disposed of.
        """
        self.answers[key] = texts
        if get_type_hints(self.event).get(key) is Name:
            self._nameless = True
        else:
            self.draft.keep(key, texts)

    def _takes_several(self, field: str) -> bool:
        return field in self.shapes and self.shapes[field].kind in {"list", "map"}

    def _is_required(self, field: str) -> bool:
        return field in {"on", "organ"} or any(one.name == field and one.required for one in fields_of(self.event))


def _wrong(event: type[Event], field: str, texts: list[str]) -> list[str]:
    """Returns what is wrong with the answer for one field, ignoring all other fields."""
    place = {"on": "valid_on", "organ": "source.organ"}.get(field, field)
    faults: list[str] = []
    try:
        parse_event(raw_event(event.event_name, {field: texts}))
    except BadInput as error:
        faults = [what for _, what in error.faults if re.match(rf"{re.escape(place)}\b", what)]
    return [what for _, what in as_options(BadInput((None, one) for one in faults), event).errors]


def _refuse_if(wrong: Iterable[str]) -> None:
    if faults := [(None, one) for one in wrong]:
        raise BadInput(faults)


def _named(texts: Sequence[str], choices: Sequence[Choice]) -> str:
    """Returns the text shown for an answer, with each id in brackets after its name."""
    names = dict(choices)
    return "; ".join(f"{names[text]} ({text})" if names.get(text) else text for text in texts)


def _agreed(question: str, *, otherwise: bool) -> bool:
    """Asks a question of yes or no until it is answered, in English or in the language of the run. Returns `otherwise`
    for an empty answer.
    """
    said = {"": otherwise, "y": True, "yes": True, msg("y"): True, msg("yes"): True}
    said |= {"n": False, "no": False, msg("n"): False, msg("no"): False}
    while (answer := click.prompt(question, default="", show_default=False, err=True).strip().lower()) not in said:
        _tell(msg("Error: invalid input"))
    return said[answer]


def _wrapped(line: str) -> str:
    return fill(line, get_terminal_size().columns - 2, subsequent_indent=INDENT)


def _tell(line: str) -> None:
    click.echo(visible(line), err=True)

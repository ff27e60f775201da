"""`liggare paper KIND [ID] -o FILE`: a paper, as PDF, HTML or Word."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.addressed import in_its_language
from cli.keys import key_file, key_path
from cli.new_files import refuse_taken, write_file
from cli.options import recording
from cli.printing import print_json
from cli.question import asking_of, under_readings, warn
from cli.suggestions import files, ids
from ledger.errors import BadInput
from ledger.events.parse import parse_event
from ledger.events.record import PaperIssued
from ledger.limits import read_given
from ledger.messages import either, msg
from papers.kinds import KINDS
from papers.making import forms_of, make
from papers.paper import Ordered, Proved
from presentation.installed import needing
from presentation.parameters import known_at, question_day

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.book import Ledger, Recorded
    from papers.making import Made
    from presentation.asking import Answer

OF_SETTLEMENT = {"if_withdraws": "--if-withdraws", "ends_on": "--ends-on"}  # parameter → its option
MOST_FILES = 200  # in the folder of a template


@click.command()
@click.argument("kind", type=click.Choice([*KINDS]))
@click.argument("which", metavar="[ID]", default="")
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", shell_complete=files,
              help="Write the paper to a new file; its ending says the form: .pdf, .html or .docx.")  # fmt: skip
@click.option("--on", metavar="DAY", help="The day asked about.  [default: today]")
@click.option("--known-at", metavar="WHEN", help="As known at @N, a moment, or the end of a day.  [default: now]")
@under_readings
@click.option("--if-withdraws", metavar="PARTY", shell_complete=ids("party"),
              help="A settlement: suppose that this party withdraws.")  # fmt: skip
@click.option("--ends-on", metavar="DAY", help="With --if-withdraws: the first day without the agreement.")
@click.option("--template", type=click.Path(path_type=Path), metavar="DIR|FILE", shell_complete=files,
              help="Your own look: a folder with typst files for a PDF, a .docx for Word.")  # fmt: skip
@click.option("--record", "issued", is_flag=True, help="Record that the paper was issued, with its digest.")
@key_file
@recording
@click.pass_obj
def paper(session: Session, /, *, kind: str, which: str, out: Path, location: str, as_json: bool, **given: Any) -> None:
    """Writes a paper that is sent, signed or archived.

    \b
    notice           the notice of a meeting                    MEETING
    minutes          the minutes of a meeting                   MEETING
    minutes-extract  one § of the minutes                       MEETING/ITEM
    report           the groups in a half-year                  HALF_YEAR
    claim            the claim of an instalment from a party    YEAR/INSTALMENT/PARTY
    account          the account of a party with the Region     PARTY
    settlement       the settlement at the end                  (no ID)
    council          the register of elected representatives    (no ID)
    year             the year, for the assemblies               YEAR
    extract          an answer with proof of its entries        QUESTION

    It is in Swedish unless --lang says otherwise. The same ledger, day, moment, language and version of the program
    give the same bytes.

    \b
    Example:  liggare paper notice srb-2025-1 -o kallelse.pdf
              liggare paper council --on 2025-06-01 -o register.html
              liggare paper extract "council --on 2025-06-01" -o extract.pdf
    """
    form = out.suffix.removeprefix(".").lower()
    _refuse_unfit(kind, which, form, given)
    refuse_taken("--out", out)
    template = template_files(given["template"], form)
    with session.ledger(location) as ledger:
        given |= {"location": location, **_of_the_first_try(ledger, given)}

        def made() -> Made:
            of = _extracted if KINDS[kind].proof else _ordered
            return make(kind, of(session, ledger, which, given), form, template)

        with needing("papers"):
            done = in_its_language(made)
        write_file(out, done.data)
        digest = sha256(done.data).hexdigest()
        session.done = msg("{file} is written", file=str(out))
        issued = {"kind": kind, "subject": which or kind, "size": done.size}
        recorded = _issued(session, ledger, issued, digest, given) if given["issued"] else None
    if as_json:
        entry = recorded and recorded.entries[0].position
        print_json(
            {"kind": kind, "subject": which, "file": str(out), "sha256": digest, "size": done.size, "entry": entry}
        )
        return
    click.echo(msg("{file} is the paper, of the first {size:entry|entries}; its SHA-256 is {digest}",
                   file=str(out), size=done.size, digest=digest))  # fmt: skip
    if recorded:
        click.echo(msg("that it was issued is entry {entry}", entry=recorded.entries[0].position))


def _refuse_unfit(kind: str, which: str, form: str, given: dict[str, Any]) -> None:
    """Raises BadInput for an id too many or missing, and for a form or an option that the kind does not have."""
    takes, forms = KINDS[kind].takes, forms_of(kind)
    if takes and not which:
        raise BadInput([(None, msg("`{kind}` takes an ID, `{takes}`: say which", kind=kind, takes=takes))])
    if which and not takes:
        raise BadInput([(None, msg("`{kind}` takes no ID", kind=kind))])
    if form not in forms:
        named = either(f".{one}" for one in forms)
        raise BadInput(
            [(None, msg("--out: `{kind}` is written to a file that ends in {forms}", kind=kind, forms=named))]
        )
    if given["template"] is not None and KINDS[kind].proof:
        raise BadInput([(None, msg("an extract takes no --template: whoever checks it makes its pages again"))])
    if given["assumed"] and KINDS[kind].proof:
        raise BadInput([(None, msg("an extract takes no --reading: give it in the question"))])
    for name, option in OF_SETTLEMENT.items():
        if given[name] is not None and kind != "settlement":
            raise BadInput([(None, msg("`{kind}` takes no {option}", kind=kind, option=option))])


def _ordered(session: Session, ledger: Ledger, which: str, given: dict[str, Any]) -> Ordered:
    """Returns what the paper is made of, from the options."""
    timeline = ledger.timeline(known_at(given["known_at"], session.today(), warn))
    on = question_day(given["on"], session.today())
    asked = asking_of(ledger, timeline, on, given["assumed"], warn)
    end = question_day(given["ends_on"], on, "--ends-on") if given["ends_on"] is not None else None
    return Ordered(asked, which, ledger, if_withdraws=given["if_withdraws"], ends_on=end)


def _extracted(session: Session, ledger: Ledger, words: str, given: dict[str, Any]) -> Ordered:
    """Returns what an extract is made of: the answer to a question in words, and the checkpoint that proves it.

    --on and --known-at count where the words leave them out. A checkpoint is signed first if none covers the entries.
    """
    from cli.asked import asked_in_words
    from ledger.integrity.signing import note_to_prove_with

    options = {"--on": given["on"], "--known-at": given["known_at"]}
    for name, value in options.items():
        if value is not None and name in words.split():
            raise BadInput([(None, msg("{option} stands in the question already", option=name))])
    beside = [part for name, value in options.items() if value is not None for part in (name, value)]
    asked = asked_in_words(session, ledger, words, beside)
    place, size = key_path(given["location"], given["key_file"]), asked.asking.timeline.head
    note = note_to_prove_with(ledger.store, place, ledger.clock(), size) if size else ""

    def again() -> Answer:
        return asked_in_words(session, ledger, words, beside).answer if asked.answer.streamed else asked.answer

    return Ordered(asked.asking, words, ledger, proved=Proved(asked.answer, again, asked.warnings, note))


def _of_the_first_try(ledger: Ledger, given: dict[str, Any]) -> dict[str, str]:
    """Returns the day and the moment of the paper whose issue was recorded under the key given, unless they are given:
    a retry makes the same paper.
    """
    before = ledger.first_under(given["key"]) if given["issued"] and given["key"] else None
    if not isinstance(before, PaperIssued):
        return {}
    same = {"on": before.valid_on.text, "known_at": f"@{before.size}"}
    return {name: value for name, value in same.items() if given[name] is None}


def template_files(place: Path | None, form: str) -> dict[str, bytes]:
    """Returns the files of a template by name: those of a folder, or the one file of a template for Word.

    Raises BadInput for a template of another form than the paper's, and for one that cannot be read.
    """
    if place is None:
        return {}
    if (form == "docx") == place.is_dir() or form == "html":
        raise BadInput([(None, msg("--template takes a folder for a .pdf, and a .docx file for a .docx"))])
    folder = place if place.is_dir() else place.parent
    chosen = (
        [*islice((one for one in place.rglob("*") if one.is_file()), MOST_FILES + 1)] if folder == place else [place]
    )
    if len(chosen) > MOST_FILES:
        raise BadInput(
            [(None, msg("--template {file} holds more than {most} files", file=str(place), most=MOST_FILES))]
        )
    return {one.relative_to(folder).as_posix(): read_given(one, f"--template {one}") for one in sorted(chosen)}


def _issued(session: Session, ledger: Ledger, fields: dict[str, Any], digest: str, given: dict[str, Any]) -> Recorded:
    """Records that a paper was issued, by the fields of the event, with its digest as the source's document."""
    event = parse_event(
        {
            "event": "paper-issued",
            "valid_on": session.day_of_act(None, ledger, given["key"]),
            "source": {"organ": "secretariat", "document": digest},
            **fields,
        }
    )
    by = given["by"]
    return ledger.record([event], by=by, key=session.keyed(given["key"]), signing=session.signing(by))

"""`liggare init`: creates a ledger whose first entry is the agreement as proposed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.fields import as_options
from cli.keys import creating_signed, key_file, key_path
from cli.options import recording_first
from cli.places import place
from cli.recorded import answer_recorded
from cli.session import actor
from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.messages import msg
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.events import Event
    from ledger.profile import Profile
    from ledger.terms import Terms

SECRETARIAT = "secretariat"


@click.command()
@click.option("--on", metavar="DAY", help="The day the agreement was proposed.  [default: the profile's]")
@click.option("--in-force-from", metavar="DAY", help="The day from which the agreement is to apply.")
@click.option("--title", help="The agreement's title.")
@click.option("--text", type=click.Path(path_type=Path), metavar="FILE", help="The agreement's text, to be kept.")
@click.option("--terms", type=click.Path(path_type=Path), metavar="FILE", help="A profile (TOML) or terms (JSON).")
@click.option("--role", metavar="ROLE", help="On PostgreSQL: a role that may ask and record, and nothing else.")
@click.option("--signer-role", metavar="ROLE", help="On PostgreSQL: a role that may sign, and replace the signing key.")
@click.option("--profile", default="vastmanland", show_default=True, metavar="NAME", help="A shipped agreement.")
@key_file
@recording_first
@click.pass_obj
def init(
    session: Session,
    /,
    *,
    location: str,
    by: str,
    key: str | None,
    as_json: bool,
    role: str | None,
    signer_role: str | None,
    **given: Any,
) -> None:
    """Creates a ledger of an agreement.

    The first entry is `agreement-proposed`, version 1, with the terms of the profile or the file.

    \b
    Example:  liggare init
              liggare init --terms malarbyn.toml --ledger malarbyn.db
              liggare init --ledger 'postgresql+psycopg://db.example/liggare?schema=vastmanland' --role secretariat
    """
    from ledger.book import Ledger
    from ledger.encoding import plain
    from ledger.events.agreement import AgreementProposed
    from ledger.profile import load_profile, shipped_names

    terms, text = given["terms"], given["text"]
    profile = _profile_in(terms) if isinstance(terms, Path) else load_profile(str(given["profile"]))
    wording = read_given(text, f"--text {text}") if isinstance(text, Path) else profile.text
    proposed_on = profile.proposed_on.text if profile.proposed_on else session.today().isoformat()
    on = proposed_on if given["on"] is None else given["on"]
    starts = given["in_force_from"] or (profile.in_force_from.text if profile.in_force_from else on)
    digest = sha256(wording).hexdigest() if wording else None
    raw = {
        "event": AgreementProposed.event_name,
        "valid_on": on,
        "source": {"organ": "body", **({"document": digest} if digest else {})},
        "version": 1,
        "title": given["title"] or profile.title or "Agreement",
        "in_force_from": starts,
        "terms": plain(profile.terms),
    }
    event = _proposed(raw)
    by = by or _asked(session, as_json=as_json)
    key_at = key_path(location, given["key_file"])
    with creating_signed(location, key_at, role, signer_role) as store:
        documents = {digest: wording} if digest and wording else {}
        recorded = Ledger(store, session.clock).record([event], by=by, key=session.keyed(key), documents=documents)
    said = msg("{ledger} is a new ledger, of this agreement:", ledger=place(location))
    answer_recorded(recorded, [event], as_json=as_json, said=said)
    if not as_json:
        click.echo(_next_steps(profile.terms, given["on"]))
        shipped = f"{given['profile']}-population.jsonl"
        _tell_files(key_at, shipped if not terms and shipped in shipped_names() else None)


def _proposed(raw: dict[str, Any]) -> Event:
    """Returns the event of the proposal. Raises BadInput, in which a fault names the option that it is in."""
    from ledger.events.agreement import AgreementProposed
    from ledger.events.parse import parse_event

    try:
        return parse_event(raw)
    except BadInput as error:
        raise as_options(error, AgreementProposed) from None


def _profile_in(file: Path) -> Profile:
    """Returns the profile in a file. Raises BadInput, in which every fault names the file."""
    from ledger.profile import read_profile

    try:
        return read_profile(file)
    except BadInput as error:
        faults = [(line, what if str(file) in what else f"{file}: {what}") for line, what in error.faults]
        raise BadInput(faults, error.unsaid) from None


def _tell_files(key_at: Path, population: str | None) -> None:
    """Prints which shipped file holds the population, if any, and which files belong to the signing key."""
    if population:
        click.echo(
            msg(
                "Its municipalities' population, 31 December of each year: liggare import --shipped {file}",
                file=population,
            )
        )
    click.echo(
        msg(
            "{key} signs its checkpoints: keep it secret, and note that no backup holds it. {name}.signed\n"
            "records what it signed last: keep the two together, since without the record nothing is signed",
            key=str(key_at), name=key_at.name,
        )
    )  # fmt: skip


def _asked(session: Session, *, as_json: bool) -> str:
    """Asks at the terminal for the short id of the person who records from now on, until the answer is valid.

    Returns the default id when nobody can be asked.
    """
    if as_json or not session.can_ask():
        return SECRETARIAT
    while True:
        question = msg("Who records? A short id, not a name: every export shows it")
        said = click.prompt(question, default=SECRETARIAT, err=True)
        try:
            return actor(said, "")
        except BadInput as error:
            click.echo(f"liggare: {visible(str(error))}", err=True)


def _next_steps(terms: Terms, on: object) -> str:
    numbers = terms.numbers
    said = msg(
        "{parties:party|parties}, {least} to {most:member|members}.",
        parties=len(terms.parties), least=numbers.members_min, most=numbers.members_max,
    )  # fmt: skip
    if not on:
        day = msg("The day of the proposal is the profile's, or today: --on gives the real day.")
        said = f"{said} {day}"
    return said + "\n" + msg("Next: liggare agreement, and liggare record agreement-adopted --help")

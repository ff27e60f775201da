"""`liggare dispose`: erases a person's name, or a registrar's account, from the ledger. Every proof stays valid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.act_options import act, documented
from cli.options import recording
from cli.recorded import answer_recorded
from cli.suggestions import ids, organs
from ledger.messages import filled, marked, msg
from presentation.words import visible

if TYPE_CHECKING:
    from cli.session import Session


class Told(NamedTuple):
    """What people are told of a disposal. `being_made` and `copy` are of a file at `{path}`, and the other two of the
    places that cannot be searched.
    """

    erased: str
    would_erase: str
    being_made: str
    copy: str
    out_of_reach: str
    on_a_server: str


OF_A_NAME = Told(
    marked(
        "the name was put back after entry {entry} had disposed of it; it is erased again, and nothing was recorded"
    ),
    marked(
        "nothing was written; the name was put back after entry {entry} had disposed of it, and would be erased again"
    ),
    marked("{path} is being made right now, and may hold the name: wait for it, and destroy it"),
    marked("{path} is an earlier copy, and may hold the name"),
    marked(
        "The name is gone from this ledger. Earlier backups, exports and copies still hold it, and so do papers:\n"
        "destroy or replace them as the decision says."
    ),
    marked(
        "The name is gone from this ledger's tables. This program cannot see which copies the server keeps: backups,\n"
        "archives, dumps, and copies in other schemas and databases. Those still hold the name, and so do exports,\n"
        "backups to files, and papers: destroy or replace them as the decision says."
    ),
)
OF_AN_ACCOUNT = Told(
    marked(
        "the account was put back after entry {entry} had disposed of it; it is erased again, and nothing was recorded"
    ),
    marked(
        "nothing was written; the account was put back after entry {entry} had disposed of it, and would be erased"
        " again"
    ),
    marked("{path} is being made right now, and may hold the account: wait for it, and destroy it"),
    marked("{path} is an earlier copy, and may hold the account"),
    marked(
        "The account is gone from this ledger. Earlier backups and copies still hold it: destroy or replace them as\n"
        "the decision says. No export and no paper ever held it."
    ),
    marked(
        "The account is gone from this ledger's tables. This program cannot see which copies the server keeps:\n"
        "backups, archives, dumps, and copies in other schemas and databases. Those still hold the account, and so do\n"
        "backups to files: destroy or replace them as the decision says. No export and no paper ever held it."
    ),
)


class Elsewhere(NamedTuple):
    """Where what is disposed of was or may still be, apart from the ledger itself.

    `removed` lists unfinished files of killed commands, now deleted. `being_made` lists files that a running command is
    writing. `copies` lists copies found near the ledger. `out_of_reach` names the places that cannot be searched.
    """

    removed: tuple[Path, ...]
    being_made: tuple[Path, ...]
    copies: tuple[Path, ...]
    out_of_reach: str

    def document(self) -> dict[str, Any]:
        """Returns the part of the --json document about these places."""
        paths = {name: list(map(str, value)) for name, value in self._asdict().items() if name != "out_of_reach"}
        return {**paths, "out_of_reach": " ".join(self.out_of_reach.split())}

    def lines(self, told: Told) -> list[str]:
        """Returns the lines for people about these places."""
        return [
            *(msg("removed {path}, which a killed command left unfinished", path=path)
              for path in self.removed),
            *(filled(told.being_made, {"path": path}) for path in self.being_made),
            *(filled(told.copy, {"path": path}) for path in self.copies),
            *self.out_of_reach.split("\n"),
        ]  # fmt: skip


@click.command()
@click.argument("person", required=False, shell_complete=ids("person"))
@click.option("--registrar", metavar="ID", shell_complete=ids("registrar"), help="Erase a registrar's account instead.")
@click.option("--decision", required=True, metavar="TEXT", help="The decision that orders it (gallringsbeslut).")
@click.option("--on", metavar="DAY", help="The day of the disposal.  [default: today]")
@click.option(
    "--organ",
    default="secretariat",
    show_default=True,
    metavar="ORGAN",
    shell_complete=organs,
    help="The organ that disposes.",
)
@documented
@recording
@click.pass_obj
def dispose(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Erases a person's name, or a registrar's account, for good.

    Records `personal-data-disposed`. Entries, receipts and checkpoints do not change, because they never held the name.
    A name that was put back after its disposal, which `verify` reports, is erased again without a new entry.

    \b
    Example:  liggare dispose p7 --decision "Gallringsbeslut 2031-04" --dnr "RS 2031/77"
    """
    from ledger.events.record import PersonalDataDisposed

    told = OF_A_NAME if given["registrar"] is None else OF_AN_ACCOUNT
    said = {name: given[name] for name in ("person", "registrar", "decision") if given[name] is not None}
    with session.ledger(location) as ledger:
        on = session.day_of_act(given["on"], ledger, key)
        event = act("personal-data-disposed", on, given["organ"], given, **said)
        assert isinstance(event, PersonalDataDisposed), event
        erased = ledger.erase_again(event, dry_run=dry_run)
        recorded = erased or ledger.record(
            [event], by=by, key=session.keyed(key), dry_run=dry_run, signing=session.signing(by)
        )
        elsewhere = None if dry_run else _elsewhere(location, told)
        more = {"elsewhere": elsewhere.document()} if elsewhere else {}
        if erased and not as_json:
            click.echo(filled(told.would_erase if dry_run else told.erased, {"entry": erased.entries[-1].position}))
        else:
            answer_recorded(recorded, [event], as_json=as_json, dry_run=dry_run, more=more)
    if elsewhere and not as_json:
        click.echo("\n".join(map(visible, elsewhere.lines(told))))


def _elsewhere(location: str, told: Told) -> Elsewhere:
    """Deletes the unfinished files of killed commands, and looks for copies of the ledger.

    The folders searched are those of the ledger's file or, for a ledger on a server, the working directory. A folder
    there is an export, which holds names and no accounts.
    """
    from ledger.store import SERVERS
    from ledger.store.building import sweep
    from ledger.store.files import copies_in, folders_of
    from ledger.store.sqlite.opening import file_of

    own = None if location.startswith(SERVERS) else file_of(location)
    folders = folders_of(own) if own else [Path()]
    swept = [sweep(folder) for folder in folders]
    return Elsewhere(
        tuple(path for one in swept for path in one.removed),
        tuple(path for one in swept for path in one.living),
        tuple(path for path in copies_in(folders, own) if told is OF_A_NAME or not path.is_dir()),
        filled(told.out_of_reach if own else told.on_a_server, {}),
    )

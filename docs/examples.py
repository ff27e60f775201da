"""Makes docs/examples: a paper of each kind, of the ledger that `liggare demo` makes.

Every person in them is made up. The demo's ledger has another id and other salts each time, so that its papers do, too.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from papers.making import forms_of
from tests.desk import at_a_desk
from tests.papers.printed import ORDERS

FOLDER = Path(__file__).parent / "examples"


def main() -> None:
    """Writes the files anew; the folder `template` in it is written by hand."""
    for old in FOLDER.iterdir():
        if old.is_file():
            old.unlink()
    with TemporaryDirectory() as folder, at_a_desk(Path(folder)) as desk:
        desk.does("demo", ".")
        desk.began("2026-04-14").does("checkpoint")
        for order in ORDERS:
            forms = [form for form in forms_of(order.kind) if form != "html" or order.kind == "council"]
            for form in forms:
                file = FOLDER / f"{order.kind}.{form}"
                day = ("--on", order.on) if order.on else ()
                desk.does("paper", order.kind, *filter(None, [order.which]), *day, "--lang", "sv", "-o", file)


if __name__ == "__main__":
    main()

"""How the code is layered: who may import whom, read a clock, print or speak SQL, and how long a module may be.

Each check is also shown to report a piece of code that breaks the rule.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.events import CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ROOT = Path(__file__).parents[1]

# A package may import itself and the packages before it in its table. Nothing may import a package that is not in a
# table.
PACKAGES = ("ledger", "projections", "presentation", "recording", "papers", "exchange", "web", "cli")
LEDGER = (
    "sweden",
    "messages",
    "errors",
    "limits",
    "values",
    "names",
    "proof",
    "store",
    "readings",
    "terms",
    "events",
    "profiles",
    "profile",
    "passages",
    "canonical",
    "encoding",
    "skim",
    "timeline",
    "state",
    "rules",
    "signed",
    "book",
    "integrity",
    "__init__",
)
OPEN_THE_STORE = (
    "ledger.book",
    "ledger.integrity.export",
    "ledger.integrity.keyfile",
    "ledger.integrity.locking",
    "ledger.integrity.signing",
    "ledger.store",
    "cli",
)
SPEAK_SQL = ("sqlalchemy", "sqlite3", "psycopg")
HAVE_THEIR_OWN_FILE = ("web.database", "exchange.sqlite")  # what is not the ledger's; a copy of its facts for others
# `ledger.open_ledger` is the entry point for Python programs. When called, `open_ledger` imports the questions and the
# store, and unless the caller gives a clock, it reads the computer's clock.
DOOR = "ledger.__init__"
THROUGH_THE_DOOR = ("projections.interface.OpenLedger", "ledger.store.open_store", "datetime.datetime.now")
CLOCKS = (
    *(f"datetime.{name}" for name in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")),
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
)
BUILTIN_PRINTERS = ("print", "input")
PRINTERS = (*BUILTIN_PRINTERS, "sys.stdout", "sys.stderr", "click.echo", "click.secho", "rich.print", "rich.console")
RENDERERS = ("rich.console", "rich.console.Console")  # used only to lay out lines, not to print them
LONGEST = 600
LONGEST_FUNCTION = 40
BY_ITSELF = (
    # Auditors run verify_ledger.py by itself, without the other modules, so this file may print.
    "ledger.integrity.export.verify_ledger"
)


@dataclass(frozen=True)
class Import:
    here: str  # the name that the import binds
    stands_for: str  # the full name of what `here` refers to
    full: str  # the full name of what is imported


@dataclass(frozen=True)
class Module:
    name: str  # a dotted name, such as `ledger.events.base` or `ledger.events.__init__`
    source: str

    @property
    def place(self) -> tuple[int, int]:
        """The module's place in the tables: (package, unit of `ledger`). `ledger.rules.notice` has the place of
        `rules`; a unit that is not in LEDGER has a place after all others.
        """
        package, _, rest = self.name.partition(".")
        unit = rest.split(".")[0]
        inside = LEDGER.index(unit) if unit in LEDGER else len(LEDGER)
        return PACKAGES.index(package), inside if package == "ledger" else 0

    def nodes(self, *, types_too: bool = False) -> Iterator[ast.AST]:
        """Yields every node of the module's syntax tree, also inside functions. Nodes under `if TYPE_CHECKING:` are
        left out unless `types_too` is set.
        """
        waiting: list[ast.AST] = [ast.parse(self.source)]
        while waiting:
            node = waiting.pop()
            yield node
            if (
                not types_too
                and isinstance(node, ast.If)
                and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
            ):
                waiting += node.orelse
            else:
                waiting += ast.iter_child_nodes(node)

    def imports(self, *, types_too: bool = False) -> Iterator[Import]:
        for node in self.nodes(types_too=types_too):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".")[0]
                    yield Import(alias.asname or first, alias.name if alias.asname else first, alias.name)
            elif isinstance(node, ast.ImportFrom):
                above = self.name.rsplit(".", node.level)[0] if node.level else None
                for alias in node.names:
                    full = ".".join(part for part in (above, node.module, alias.name) if part)
                    yield Import(alias.asname or alias.name, full, full)

    def mentions(self) -> Iterator[str]:
        """Yields the full name of every imported name and printer that the code uses: `datetime.now` as
        `datetime.datetime.now`.
        """
        known = {name: name for name in BUILTIN_PRINTERS} | {found.here: found.stands_for for found in self.imports()}
        for node in self.nodes():
            if isinstance(node, ast.Name | ast.Attribute):
                first, dot, rest = ast.unparse(node).partition(".")
                if first in known:
                    yield known[first] + dot + rest


def within(name: str, parents: tuple[str, ...]) -> bool:
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


def against_the_direction(module: Module) -> list[str]:
    ours = [found.full for found in module.imports() if within(found.full, PACKAGES)]
    closed = () if within(module.name, OPEN_THE_STORE) else ("ledger.store",)
    wrong = [full for full in ours if Module(full, "").place > module.place or within(full, closed)]
    return [f"{module.name} imports {full}" for full in wrong if not through_the_door(module, full)]


def through_the_door(module: Module, full: str) -> bool:
    return module.name == DOOR and full in THROUGH_THE_DOOR


def sql_outside_the_store(module: Module) -> list[str]:
    spoken = {found.full for found in module.imports() if within(found.full, SPEAK_SQL)}
    return (
        []
        if within(module.name, ("ledger.store", *HAVE_THEIR_OWN_FILE))
        else [f"{module.name} imports {full}" for full in sorted(spoken)]
    )


def clocks_and_printing(module: Module) -> list[str]:
    used = {name for name in module.mentions() if within(name, (*CLOCKS, *PRINTERS))}
    used -= set(RENDERERS) if within(module.name, ("presentation.render",)) else set()
    used = {name for name in used if not through_the_door(module, name)}
    return [] if within(module.name, ("cli",)) else [f"{module.name} uses {name}" for name in sorted(used)]


def long_functions(module: Module) -> list[str]:
    """Returns the functions that have too many lines. Signature and docstring do not count, because those of a command
    hold its options and its help text.
    """
    found = []
    for function in module.nodes(types_too=True):
        if isinstance(function, ast.FunctionDef):
            body = function.body[1:] if ast.get_docstring(function) else function.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            found += [f"{module.name}.{function.name}: {lines}"] if lines > LONGEST_FUNCTION else []
    return found


def badly_opened(module: Module) -> bool:
    """Returns whether the module lacks a docstring of one to five lines."""
    docstring = ast.get_docstring(ast.parse(module.source))
    return not docstring or docstring.count("\n") >= 5


def circle(program: list[Module]) -> list[str]:
    """Returns an import cycle, if there is one. Imports inside functions and imports for types alone count too."""
    known = {module.name.removesuffix(".__init__"): module for module in program}
    imported = {name: {here_of(found.full, known) for found in module.imports(types_too=True)} - {name, ""}
                for name, module in known.items()}  # fmt: skip
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def here_of(full: str, known: Collection[str]) -> str:
    """Returns the module in `known` that is imported or has a name imported from it, or "" if there is none."""
    return full if full in known else full.rpartition(".")[0] if full.rpartition(".")[0] in known else ""


def modules(*folders: str) -> list[Module]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Module(dotted(path.with_suffix("")), path.read_text("utf-8")) for path in paths]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parts)


PROGRAM = [module for module in modules(*PACKAGES) if module.name != BY_ITSELF]
EVERYTHING = [*PROGRAM, *modules("tests", "bench", "docs")]


def test_imports_go_one_way() -> None:
    assert [fault for module in PROGRAM for fault in against_the_direction(module)] == []


def test_no_imports_go_in_a_circle() -> None:
    assert circle(PROGRAM) == []


@pytest.mark.parametrize(
    "source", ["from ledger.b import f", "def f():\n    import ledger.b", "if TYPE_CHECKING:\n    from ledger import b"]
)
def test_a_circle_is_seen(source: str) -> None:
    program = [Module("ledger.a", source), Module("ledger.b", "from ledger.c import f"), Module("ledger.c", "")]

    assert circle(program) == []
    assert {*circle([*program[:2], Module("ledger.c", "import ledger.a")])} == {"ledger.a", "ledger.b", "ledger.c"}


def test_every_part_of_the_ledger_has_a_place_in_the_table() -> None:
    assert [module.name for module in PROGRAM if module.place >= (0, len(LEDGER)) and module.place < (1, 0)] == []


@pytest.mark.parametrize("floor", ["ledger.events", "ledger.state", "ledger.rules"])
def test_a_chapter_has_one_name_on_every_floor(floor: str) -> None:
    chapters = {f"{floor}.{chapter.__name__.rpartition('.')[2]}" for chapter in CHAPTERS}
    assert chapters <= {module.name.removesuffix(".__init__") for module in PROGRAM}


def test_only_the_store_speaks_sql() -> None:
    assert [fault for module in PROGRAM for fault in sql_outside_the_store(module)] == []


def test_only_the_command_line_reads_a_clock_or_prints() -> None:
    assert [fault for module in PROGRAM for fault in clocks_and_printing(module)] == []


def test_no_module_is_long_and_most_are_short() -> None:
    lengths = {module.name: len(module.source.splitlines()) for module in EVERYTHING}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_function_is_long() -> None:
    assert [fault for module in PROGRAM for fault in long_functions(module)] == []


def test_every_module_says_what_lives_there() -> None:
    assert [module.name for module in EVERYTHING if badly_opened(module)] == []


def test_every_folder_with_code_is_in_the_wheel() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]

    assert {dotted(path.parent) for package in PACKAGES for path in (ROOT / package).rglob("*.py")} == {*listed}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("ledger.values", "from ledger.events import Event"),
        ("ledger.rules.notice", "import ledger.book"),
        ("ledger.state.members", "def late():\n    from ledger.rules import FORBIDS"),
        ("ledger.store.recorder", "from ledger import timeline"),
        ("ledger.store.__init__", "from ..timeline import Timeline"),
        ("ledger.values", "from . import events"),
        ("ledger.rules.notice", "from ledger.store import opened"),
        ("ledger.rules.notice", "from ledger.unheard_of import something"),
        ("ledger.book", "from projections import council"),
        ("projections.council", "from ledger import store"),
        ("projections.council", "import cli.main"),
    ],
)
def test_an_import_against_the_direction_is_seen(name: str, source: str) -> None:
    assert against_the_direction(Module(name, source))


def test_an_import_for_types_alone_may_go_against_the_direction() -> None:
    source = "if TYPE_CHECKING:\n    from ledger.rules.finding import Finding"

    assert not against_the_direction(Module("ledger.errors", source))
    assert against_the_direction(Module("ledger.errors", source.replace("if", "if not")))


@pytest.mark.parametrize("source", ["import sqlalchemy as sa", "def f():\n    from sqlalchemy.dialects import sqlite"])
def test_sql_outside_the_store_is_seen(source: str) -> None:
    assert sql_outside_the_store(Module("ledger.book", source))
    assert not sql_outside_the_store(Module("ledger.store.recorder", source))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\nmoment = datetime.now(UTC)",
        "import datetime as dt\nmoment = dt.datetime.now",
        "import time\nseconds = time.time()",
        "from time import time_ns as ns\nmoment = ns()",
        "from datetime import date\ntoday = date.today().year",
        "print(1)",
        "import sys\nsys.stdout.write('')",
        "from click import echo\necho('')",
    ],
)
def test_a_clock_or_a_print_outside_the_command_line_is_seen(source: str) -> None:
    assert clocks_and_printing(Module("projections.council", source))
    assert not clocks_and_printing(Module("cli.commands.council", source))


@pytest.mark.parametrize("source", ["import re", '""" """', '"""' + "line\n" * 6 + '"""'])
def test_a_missing_or_a_long_opening_is_seen(source: str) -> None:
    assert badly_opened(Module("ledger.values", source))


def test_a_long_function_is_seen() -> None:
    source = 'def f(\n    a,\n):\n    """One.\n\n    Two.\n    """\n' + "    a()\n" * LONGEST_FUNCTION
    assert long_functions(Module("ledger.values", source)) == []
    assert long_functions(Module("ledger.values", f"{source}    a()\n")) == ["ledger.values.f: 41"]

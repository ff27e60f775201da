"""Whether a test notices a change: in a copy of the program, and in processes that end.

The tests of a module are collected once. A change to a function that no import or collection has called is put into the
function, wherever it is held, in a fork. Any other change is tried from the beginning: what is computed when the
program is loaded may rest on it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections import defaultdict
from cProfile import Profile
from functools import partial
from inspect import CO_OPTIMIZED
from multiprocessing import Pipe
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-summary", "-k", "not postgres",
           "-W", "ignore::pytest.PytestAssertRewriteWarning")  # fmt: skip
OURS = {"ledger", "projections", "presentation", "cli", "tests", "bench"}
LONGEST = 600  # seconds that the tests of a module may take when nothing is changed
PATIENCE = 4  # times as long, and ten seconds, when something is


class Ran(NamedTuple):
    noticed: bool
    seconds: float


class Trial(NamedTuple):
    """Changes to a module of a copy of the program, and the tests that should notice them."""

    place: Path
    module: str
    tests: Sequence[str]
    mutants: Sequence[Mutant]
    until: float = float("inf")  # on the clock of `time.monotonic`

    def verdicts(self) -> Iterator[tuple[Mutant, bool]]:
        """Each change, with whether it is noticed. Those are missing that there was no time for."""
        path = self.place / self.module
        original = path.read_bytes()
        try:
            told = self._by_the_collected()
            untouched = self._passed(next(told)[1])
            anew = []
            for at, ran in told:
                if at is None:
                    self._passed(ran)
                elif ran is None:
                    anew.append(self.mutants[at])
                else:
                    yield self.mutants[at], ran.noticed
            for mutant in anew:
                if time.monotonic() > self.until:
                    return
                yield mutant, self.from_the_beginning(mutant, _patience(untouched.seconds)).noticed
        finally:
            _put(path, original)

    def _passed(self, ran: Ran | None) -> Ran:
        if ran is None or ran.noticed:
            sys.exit(f"the tests of {self.module} fail when nothing is changed, in the order they stand in or another")
        return ran

    def from_the_beginning(self, mutant: Mutant, patience: float) -> Ran:
        """The change judged by a process that loads the program after it is made."""
        _put(self.place / self.module, mutant.source().encode())
        return _ran(_forked(lambda: _pytest(self.place, self.tests)), patience)

    def _by_the_collected(self) -> Iterator[tuple[int | None, Ran | None]]:
        """What `Collected` says of each change, by its number, and first and last of none. A change that it cannot make
        has not run.
        """
        reader, writer = Pipe(duplex=False)
        child = _forked(lambda: Collected(self, writer).run(), apart=False)
        writer.close()
        try:
            while (told := reader.recv()) is not None:
                at, ran = told
                yield at, ran and Ran(*ran)
        finally:
            reader.close()
            os.waitpid(child, 0)


class Collected:
    """A plugin of pytest that runs what is collected in a fork for each change, and tells of each as it is tried."""

    def __init__(self, trial: Trial, told: Connection) -> None:
        self._trial, self._told = trial, told
        self._path = trial.place / trial.module
        self._file = str(self._path)
        self._profile = Profile(builtins=False)
        self._called: set[CodeType] = set()
        self._held: list[FunctionType] = []
        self._times, self._noticed = (trial.place.parent / name for name in ("times.json", "noticed.txt"))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def run(self) -> int:
        self._times.unlink(missing_ok=True)
        self._noticed.write_text("", "utf-8")
        self._profile.enable()
        return _pytest(self._trial.place, self._trial.tests, self)

    def _is_here(self, code: CodeType) -> bool:
        return code.co_filename == self._file

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """True when all is tried; None in each fork, where pytest goes on and runs the tests."""
        self._profile.disable()
        called = (one.code for one in self._profile.getstats())
        self._called = {code for code in called if isinstance(code, CodeType) and self._is_here(code)}
        self._held = [one for one in gc.get_objects() if isinstance(one, FunctionType) and self._is_here(one.__code__)]
        gc.freeze()
        child = _forked()
        if not child:
            return None
        untouched = _ran(child, LONGEST)
        self._tell(None, untouched)
        return True if untouched.noticed else self._tries_each(session, untouched)

    def _tries_each(self, session: pytest.Session, untouched: Ran) -> bool | None:
        source = self._path.read_bytes()
        original = compile(source, self._file, "exec", dont_inherit=True)
        self._seconds.update(json.loads(self._times.read_text("utf-8")))
        for at, mutant in enumerate(self._trial.mutants):
            if time.monotonic() > self._trial.until:
                break
            put = self._putting(original, mutant)
            if put is not None:
                _put(self._path, mutant.source().encode())  # for what the tests start, or load only now
                session.items.sort(key=partial(_turn, self._seconds, self._noticed.read_text("utf-8").splitlines()))
                child = _forked()
                if not child:
                    put()
                    return None
            self._tell(at, put and _ran(child, _patience(untouched.seconds)))
        _put(self._path, source)
        child = _forked()  # the tests now stand in another order: one that needs those before it would fail
        if not child:
            return None
        self._tell(None, _ran(child, LONGEST))
        self._told.send(None)
        return True

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Where a change makes a test go on for ever, it ends the process when it has computed for so long."""
        if seconds := self._seconds.get(nodeid):
            signal.setitimer(signal.ITIMER_PROF, _patience(seconds))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            with self._noticed.open("a", encoding="utf-8") as file:
                file.write(f"{report.nodeid}\n")

    def pytest_sessionfinish(self) -> None:
        """In the fork where nothing is changed: leaves behind how long each test took."""
        if not self._times.exists():
            self._times.write_text(json.dumps(self._seconds), "utf-8")

    def _tell(self, at: int | None, ran: Ran | None) -> None:
        self._told.send((at, ran and tuple(ran)))  # a plain tuple: this process has forgotten the tool's own classes

    def _putting(self, original: CodeType, mutant: Mutant) -> Callable[[], None] | None:
        """What makes the change in the program as loaded; None if it must be made before that."""
        function = changed_function(original, mutant.code(self._file))
        if function is None or function[0] in self._called:
            return None
        old, new = function
        held = [one for one in self._held if one.__code__ == old]
        return (lambda: _changed(held, new)) if held else None


def _turn(seconds: dict[str, float], noticed: Sequence[str], item: pytest.Item) -> tuple[bool, bool, int]:
    """Puts first the test that noticed the last change, then those that noticed one before, then the quick ones; alike
    within twice as long, where they stay as they stood, beside those they share fixtures with.
    """
    hundredths = int(seconds.get(item.nodeid, 0) * 100)
    return noticed[-1:] != [item.nodeid], item.nodeid not in noticed, hundredths.bit_length()


def changed_function(original: CodeType, other: CodeType) -> tuple[CodeType, CodeType] | None:
    """The one function that differs, in both; None if what runs when the module is loaded differs."""
    pairs = zip(_functions(original), _functions(other), strict=False)
    differing = [(one, changed) for one, changed in pairs if one != changed]
    if len(differing) != 1 or _outline(original) != _outline(other):
        return None
    return differing[0] if differing[0][0].co_freevars == differing[0][1].co_freevars else None


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The functions of a module and of its classes, without those inside others."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from [inner] if _is_function(inner) else _functions(inner)


def _outline(code: CodeType) -> CodeType:
    """What runs when a module is loaded: its own code and that of its classes, with nothing in the functions."""
    inner = [_outline(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    return code.replace(co_consts=tuple(None if _is_function(one) else one for one in inner))


def _is_function(one: object) -> bool:
    return isinstance(one, CodeType) and bool(one.co_flags & CO_OPTIMIZED)


def _changed(held: list[FunctionType], code: CodeType) -> None:
    for function in held:
        function.__code__ = code


def _patience(seconds: float) -> float:
    return PATIENCE * seconds + 10


def _put(path: Path, source: bytes) -> None:
    path.write_bytes(source)
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _forked(run: Callable[[], int] | None = None, *, apart: bool = True) -> int:
    """The child's id; in the child 0, if there is nothing for it to run. With `run` it ends, whatever happens: what the
    parent has to clean up is not the child's.
    """
    child = os.fork()
    if child:
        return child
    if apart:
        os.setsid()
    if run is None:
        return 0
    code = 1
    try:
        code = run()
    finally:
        os._exit(code)


def _ran(child: int, patience: float) -> Ran:
    """Whether a test fails, or takes for ever, in a child."""
    began = time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return Ran(os.waitstatus_to_exitcode(status) != 0, time.monotonic() - began)
        if time.monotonic() - began > patience:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Ran(noticed=True, seconds=patience)
        time.sleep(0.005)


def _pytest(place: Path, tests: Sequence[str], *plugins: object) -> int:
    """What pytest ends with over the copy, in a process that has not loaded the program; or that forgets it here."""
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]
    os.chdir(place)
    os.environ["PYTHONPATH"] = str(place)
    for name in ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"):  # meant for whoever runs the tool, not for its tests
        os.environ.pop(name, None)
    sys.path = [str(place), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = True
    return int(pytest.main([*OPTIONS, "--basetemp", str(place.parent / "basetemp"), *tests], plugins))

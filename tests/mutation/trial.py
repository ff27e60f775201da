"""Decides whether tests notice a change, in a copy of the program and in processes of their own.

The tests of a module are collected once. If the changed function was called neither during import nor during
collection, a forked process gives the loaded function the changed code, and runs the tests. Any other change is tried
in a new process, because values computed at import may depend on the code.
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
OURS = {"ledger", "projections", "presentation", "recording", "cli", "tests", "bench"}
LONGEST = 600  # the tests of an unchanged module may take this many seconds
PATIENCE = 4  # the tests of a changed module may take 4 times as long as those of the unchanged module, plus 10 seconds


class Ran(NamedTuple):
    noticed: bool
    seconds: float


class Trial(NamedTuple):
    """Changes to one module in a copy of the program, and the tests that should notice them."""

    place: Path
    module: str
    tests: Sequence[str]
    mutants: Sequence[Mutant]
    until: float = float("inf")  # no change is tried after this moment by `time.monotonic`

    def verdicts(self) -> Iterator[tuple[Mutant, bool]]:
        """Yields (change, whether a test noticed the change). Changes for which there was no time are left out."""
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
            sys.exit(f"the tests of {self.module} fail without any change, in their own order or in another")
        return ran

    def from_the_beginning(self, mutant: Mutant, patience: float) -> Ran:
        """Tries a change in a new process, which loads the program after the change is made."""
        _put(self.place / self.module, mutant.source().encode())
        return _ran(_forked(lambda: _pytest(self.place, self.tests)), patience)

    def _by_the_collected(self) -> Iterator[tuple[int | None, Ran | None]]:
        """Yields (number of the change, result) from `Collected`. The first and the last result are those of the
        unchanged program, and have None as the number. For a change that `Collected` cannot make, the result is None.
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
    """A pytest plugin that runs the collected tests in a fork for each change, and sends the result of each change as
    soon as its tests have ended.
    """

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
        """Returns True in the first process, after every change is tried. Returns None in each fork, so that pytest
        there goes on to run the tests.
        """
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
                # The module's file is changed too, because tests may start child processes, and may load modules that
                # are not loaded yet.
                _put(self._path, mutant.source().encode())
                session.items.sort(key=partial(_turn, self._seconds, self._noticed.read_text("utf-8").splitlines()))
                child = _forked()
                if not child:
                    put()
                    return None
            self._tell(at, put and _ran(child, _patience(untouched.seconds)))
        _put(self._path, source)
        # The tests of the unchanged program now run in another order, to detect a test that depends on earlier tests.
        child = _forked()
        if not child:
            return None
        self._tell(None, _ran(child, LONGEST))
        self._told.send(None)
        return True

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Starts a timer, in processor time, that ends the process if a change makes the test run for ever."""
        if seconds := self._seconds.get(nodeid):
            signal.setitimer(signal.ITIMER_PROF, _patience(seconds))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            with self._noticed.open("a", encoding="utf-8") as file:
                file.write(f"{report.nodeid}\n")

    def pytest_sessionfinish(self) -> None:
        """In the fork that runs the unchanged program, writes to a file how long each test took."""
        if not self._times.exists():
            self._times.write_text(json.dumps(self._seconds), "utf-8")

    def _tell(self, at: int | None, ran: Ran | None) -> None:
        # The result is sent as a plain tuple, because this process has unloaded the classes of tests.mutation.
        self._told.send((at, ran and tuple(ran)))

    def _putting(self, original: CodeType, mutant: Mutant) -> Callable[[], None] | None:
        """Returns a function that makes the change in the loaded program, or None if the change must be made before the
        program is loaded.
        """
        function = changed_function(original, mutant.code(self._file))
        if function is None or function[0] in self._called:
            return None
        old, new = function
        held = [one for one in self._held if one.__code__ == old]
        return (lambda: _changed(held, new)) if held else None


def _turn(seconds: dict[str, float], noticed: Sequence[str], item: pytest.Item) -> tuple[bool, bool, int]:
    """Returns a sort key for a test: first comes the test that noticed the last change, then tests that noticed earlier
    changes, then the other tests, the fastest first. Tests of about the same duration keep their order, so that tests
    with the same fixtures stay together.
    """
    hundredths = int(seconds.get(item.nodeid, 0) * 100)
    return noticed[-1:] != [item.nodeid], item.nodeid not in noticed, hundredths.bit_length()


def changed_function(original: CodeType, other: CodeType) -> tuple[CodeType, CodeType] | None:
    """Returns the code of the only function that the change altered, as it was before and as it is after. Returns None
    if the change altered several functions, or code that runs at import.
    """
    pairs = zip(_functions(original), _functions(other), strict=False)
    differing = [(one, changed) for one, changed in pairs if one != changed]
    if len(differing) != 1 or _outline(original) != _outline(other):
        return None
    return differing[0] if differing[0][0].co_freevars == differing[0][1].co_freevars else None


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yields the functions of a module and of its classes, without nested functions."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from [inner] if _is_function(inner) else _functions(inner)


def _outline(code: CodeType) -> CodeType:
    """Returns the code that runs when a module is loaded: the code of the module and of its classes, with function
    bodies removed.
    """
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
    """Forks, and returns the child's process id, or 0 in the child if `run` is None. If `run` is given, the child calls
    `run` and exits with its result, without running the parent's cleanup.
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
    """Waits for a child process that runs tests. Returns whether the tests failed or took longer than `patience`
    seconds, and how long they took.
    """
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
    """Runs pytest on the copy of the program and returns pytest's exit code. Before pytest runs, all modules of the
    program that this process has loaded are unloaded.
    """
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]
    os.chdir(place)
    os.environ["PYTHONPATH"] = str(place)
    # These environment variables are meant for this tool, not for the tests that it runs.
    for name in ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    sys.path = [str(place), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = True
    return int(pytest.main([*OPTIONS, "--basetemp", str(place.parent / "basetemp"), *tests], plugins))

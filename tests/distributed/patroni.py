"""Runs three simulated machines on this machine, each with etcd, Patroni and PostgreSQL. The program kills the leader
again and again while four writers record. The exit code is 1 if an acknowledged entry is lost. `make soak-patroni` runs
this program, which needs etcd (Debian: etcd-server; or $ETCD).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from tests.desk import at_a_desk
from tests.distributed.writers import Writers, lost, until
from tests.servers import Cluster, free_port

THREE = range(3)
FAILOVERS = 5
HEALTHY_S = 120.0
LINES = 40  # how many lines of each machine's logs are shown after a failure
PACKAGES = Path(psutil.__file__).parents[1]
DCS = {
    "ttl": 20,
    "loop_wait": 2,
    "retry_timeout": 3,
    "maximum_lag_on_failover": 0,
    "synchronous_mode": True,
    "synchronous_mode_strict": True,
    "synchronous_node_count": 1,
    "postgresql": {
        "use_pg_rewind": True,
        "use_slots": True,
        "parameters": {
            "synchronous_commit": "on",
            "wal_log_hints": "on",
            "fsync": "off",  # PostgreSQL needs no fsync here, because the kernel keeps a killed process's pages
            "shared_buffers": "32MB",
            "max_connections": 60,
            "unix_socket_directories": "",
        },
    },
}


class Three:
    """Three simulated machines, by number. Each machine can be killed and started again."""

    def __init__(self, cluster: Cluster, etcd: str, python: str) -> None:
        self.cluster, self.etcd, self.python = cluster, etcd, python
        self.ports = {what: [free_port() for _ in THREE] for what in ("client", "peer", "postgres", "rest")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, number: int) -> None:
        self._spawn(f"etcd{number}", self.etcd, *self._etcd_options(number))
        config = self.cluster.root / f"patroni{number}.yml"
        config.write_text(json.dumps(self._config(number)))  # Patroni reads YAML, and JSON is valid YAML
        # With -S, Python imports third-party packages from PYTHONPATH alone.
        self._spawn(f"patroni{number}", self.python, "-S", "-m", "patroni", str(config))

    def kill(self, number: int) -> None:
        """Kills every process of one machine at once."""
        names = (f"etcd{number}", f"patroni{number}")
        dying = [psutil.Process(self.running[name].pid) for name in names] + self._servers(number)
        for process in dying:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for name in names:
            self.running.pop(name).wait()
        (self.cluster.root / f"data{number}" / "postmaster.pid").unlink(missing_ok=True)

    def leader(self) -> int | None:
        return next((number for number in THREE if self._asked(number, "primary") is not None), None)

    def healthy(self) -> bool:
        """Returns whether all three members run and one of the followers is synchronous."""
        leader = self.leader()
        members = (self._asked(leader, "cluster") or {}).get("members", []) if leader is not None else []
        good = [one for one in members if one["state"] in {"running", "streaming"}]
        return len(good) == len(THREE) and any(one["role"] in {"sync_standby", "quorum_standby"} for one in good)

    def place(self) -> str:
        """The URL of the ledger, which connects to whichever server accepts writes at the time."""
        hosts = "".join(f"&host=127.0.0.1:{port}" for port in self.ports["postgres"])
        options = "target_session_attrs=read-write&connect_timeout=2"
        return f"postgresql+psycopg://postgres@/postgres?schema=ledger{hosts}&{options}"

    def _asked(self, number: int, what: str) -> dict[str, Any] | None:
        address = f"http://127.0.0.1:{self.ports['rest'][number]}/{what}"
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return None

    def _servers(self, number: int) -> list[psutil.Process]:
        try:
            lines = (self.cluster.root / f"data{number}" / "postmaster.pid").read_text().split()
            server = psutil.Process(int(lines[0]))
            return [server, *server.children(recursive=True)]
        except (OSError, IndexError, psutil.NoSuchProcess):
            return []

    def _spawn(self, name: str, *command: str) -> None:
        with (self.cluster.root / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cluster.root,
                env={**os.environ, "LC_ALL": "C", "HOME": str(self.cluster.root), "PYTHONPATH": str(PACKAGES)},
                start_new_session=True,
                **self.cluster.identity,
            )

    def _etcd_options(self, number: int) -> list[str]:
        client, peer = (f"http://127.0.0.1:{self.ports[what][number]}" for what in ("client", "peer"))
        peers = ",".join(f"e{one}=http://127.0.0.1:{self.ports['peer'][one]}" for one in THREE)
        given = {
            "name": f"e{number}",
            "data-dir": str(self.cluster.root / f"etcd{number}"),
            "listen-client-urls": client,
            "advertise-client-urls": client,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": peers,
            "heartbeat-interval": "100",
            "election-timeout": "1000",
            "log-level": "warn",
        }
        return [f"--{name}={value}" for name, value in given.items()]

    def _config(self, number: int) -> dict[str, Any]:
        rest, postgres = (f"127.0.0.1:{self.ports[what][number]}" for what in ("rest", "postgres"))
        users = {"superuser": "postgres", "replication": "repl", "rewind": "rewinder"}
        return {
            "scope": "ledger",
            "name": f"p{number}",
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"hosts": [f"127.0.0.1:{port}" for port in self.ports["client"]]},
            "bootstrap": {"dcs": DCS, "initdb": [{"encoding": "UTF8"}, "no-locale", "no-sync"]},
            "postgresql": {
                "listen": postgres,
                "connect_address": postgres,
                "data_dir": str(self.cluster.root / f"data{number}"),
                "bin_dir": str(self.cluster.programs),
                "basebackup": [{"checkpoint": "fast"}, "no-sync"],
                "pgpass": str(self.cluster.root / f"pgpass{number}"),
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
                "authentication": {use: {"username": name, "password": "-"} for use, name in users.items()},
            },
            "watchdog": {"mode": "off"},
        }


def soak(three: Three, failovers: int) -> bool:
    """Kills the leader `failovers` times, and returns whether every acknowledged entry survived."""
    for number in THREE:
        three.start(number)
    until(three.healthy, "three healthy machines", HEALTHY_S)
    with tempfile.TemporaryDirectory() as folder, at_a_desk(Path(folder), three.place()) as desk:
        desk.does("init")
    with Writers(three.place()) as writers:
        for turn in range(1, failovers + 1):
            writers.go_on()
            leader = three.leader()
            assert leader is not None, "nobody leads three healthy machines"
            killed = time.monotonic()
            three.kill(leader)
            until(lambda since=killed + 1: any(one.last > since for one in writers.all), "a new leader", HEALTHY_S)  # type: ignore[misc]
            gap = min(one.last for one in writers.all if one.last > killed + 1) - killed
            print(f"{turn}: p{leader} killed, p{three.leader()} leads; {gap:.1f} s without an acknowledgement")
            three.start(leader)
            until(three.healthy, "three healthy machines", HEALTHY_S)
    gone = lost(writers.acknowledged, three.place())
    unknown = sum(one.unknown for one in writers.all)
    print(f"{failovers} failovers, {len(writers.acknowledged)} acknowledged, {unknown} unknown, {len(gone)} lost")
    return not gone


def python_for(cluster: Cluster) -> str:
    """Returns the path of a Python that the servers' user may run: the running Python if possible, otherwise the
    system's Python of the same version.
    """
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, system):
        with contextlib.suppress(PermissionError, FileNotFoundError, subprocess.CalledProcessError):
            subprocess.run([python, "-c", ""], cwd="/", check=True, **cluster.identity)
            return python
    raise SystemExit(f"the servers' user may run neither {sys.executable} nor {system}")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--failovers", type=int, default=FAILOVERS)
    failovers = asked.parse_args().failovers
    etcd = os.environ.get("ETCD") or shutil.which("etcd")
    if not etcd:
        print("this needs etcd: apt-get install etcd-server, or ETCD=/where/it/is")
        return 2
    with Cluster() as cluster:
        three = Three(cluster, etcd, python_for(cluster))
        try:
            return 0 if soak(three, failovers) else 1
        except AssertionError:
            for log in sorted(cluster.root.glob("*.log")):
                print(f"-- {log.name}", *log.read_text("utf-8", "replace").splitlines()[-LINES:], sep="\n")
            raise
        finally:
            for number in THREE:
                for process in three._servers(number):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.send_signal(signal.SIGKILL)
            for started in three.running.values():
                started.kill()


if __name__ == "__main__":
    sys.exit(main())

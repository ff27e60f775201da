"""Simulates a disk that loses power: from a traced program's system calls, it computes the files and names that could
survive a power cut at any moment. Unsynced data is lost, kept, or kept in part, sector by sector. Changes of names
(files created, linked, renamed, removed) reach the disk in order, and are certain to be there only when their folder is
synced. Syncing a new file also secures its name. The model promises what ext4 promises, and no more.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

SECTOR = 512
CALLS = ("openat", "pwrite64", "write", "ftruncate", "fsync", "fdatasync", "unlink", "unlinkat", "rmdir", "rename",
         "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat")  # fmt: skip
UNMODELLED = ("pwritev", "writev", "fallocate", "sendfile", "copy_file_range", "truncate")
TRACED = ",".join((*CALLS, *UNMODELLED))
OPTIONS = ("-xx", "-s", "1000000", "-y", "-e", "signal=none", "-e", f"trace={TRACED}")

_CALL = re.compile(r"\d+\s+(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?')
_OPENED = re.compile(r"(\d+)<([^>]*)>")
_BASE = re.compile(r"(?:\d+|AT_FDCWD)<([^>]*)>")


class Call(NamedTuple):
    """A system call that changed the folder, with paths relative to the folder. Printing a line is a call of the kind
    `said`.
    """

    kind: str
    path: str = ""
    other: str = ""  # `other` is the second path of a link or rename, or a symbolic link's target
    at: int = 0
    data: bytes = b""


def calls(trace: Path, folder: Path) -> list[Call]:
    """Returns the calls that concern the folder, from a trace that strace wrote with OPTIONS."""
    reading = _Reading(folder)
    return [call for line in trace.read_text("ascii").splitlines() for call in reading.read(line)]


class _Reading:
    """Reads lines of strace one after the other, and tracks the position in each open file."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._positions: dict[str, int] = {}

    def read(self, line: str) -> Iterator[Call]:
        parsed = _CALL.match(line)
        if not parsed or int(parsed[3]) < 0:
            return
        name, given, returned = parsed[1], parsed[2], parsed[3]
        texts = [_bytes(text) for text in _TEXT.findall(given)]
        match name:
            case "openat":
                self._positions[returned] = 0
                yield from self._one("create" if "O_CREAT" in given else "", given, texts)
                yield from self._one("cut" if "O_TRUNC" in given else "", given, texts)
            case "unlink" | "unlinkat" | "rmdir":
                yield from self._one("unlink", given, texts)
            case "mkdir" | "mkdirat":
                yield from self._one("mkdir", given, texts)
            case "rename" | "renameat" | "renameat2" | "link" | "linkat":
                kind = "link" if name.startswith("link") else "rename"
                if path := self._inside(given, texts[0]):
                    yield Call(kind, path, self._inside(given, texts[1], last=True))
            case "symlink" | "symlinkat":
                yield Call("symlink", self._inside(given, texts[1]), os.fsdecode(texts[0]))
            case _:
                yield from self._written(name, given, texts, int(returned))

    def _one(self, kind: str, given: str, texts: list[bytes]) -> Iterator[Call]:
        if kind and (path := self._inside(given, texts[0])):
            yield Call(kind, path)

    def _written(self, name: str, given: str, texts: list[bytes], returned: int) -> Iterator[Call]:
        """Yields the call that a line of strace records on an open file, and a `said` call for each line printed."""
        opened = _OPENED.match(given)
        assert opened is not None
        number, path = opened[1], self._inside("", _bytes(opened[2]))
        rest = given.rpartition(", ")[2]
        if name == "write" and number == "1":
            yield from (Call("said", line) for line in texts[0].decode("utf-8", "replace").splitlines())
        if not path or path.endswith("-shm"):
            return
        match name:
            case "pwrite64":
                yield Call("write", path, at=int(rest), data=texts[0][:returned])
            case "write":
                at = self._positions.get(number, 0)
                self._positions[number] = at + returned
                yield Call("write", path, at=at, data=texts[0][:returned])
            case "ftruncate":
                yield Call("cut", path, at=int(rest))
            case "fsync" | "fdatasync":
                yield Call("sync", path)
            case _:
                raise AssertionError(f"{name} is not modelled")

    def _inside(self, given: str, text: bytes, *, last: bool = False) -> str:
        """Returns a path relative to the folder: "." for the folder itself, "" for a path outside the folder."""
        bases = _BASE.findall(given)
        base = os.fsdecode(_bytes(bases[-1 if last else 0])) if bases else self._folder
        path = os.path.normpath(os.path.join(base, os.fsdecode(text)))  # noqa: PTH118 - a text, of a disk that was
        if path == self._folder:
            return "."
        return path.removeprefix(f"{self._folder}/") if path.startswith(f"{self._folder}/") else ""


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


class Link(NamedTuple):
    """A symbolic link."""

    to: str


FOLDER = -1
Node = int | Link  # a Node is the number of a file, a symbolic link, or FOLDER


class Image(NamedTuple):
    """The state of the disk after a power cut: the names in the folder, and the content of the file that each name
    stands for.
    """

    names: dict[str, Node]
    content: dict[int, bytes]

    def put(self, folder: Path) -> None:
        """Writes the image into a folder. Two names of one file become hard links to one file again."""
        first: dict[int, Path] = {}
        for name, node in sorted(self.names.items()):
            path = folder / name
            if isinstance(node, Link):
                path.symlink_to(node.to)
            elif node == FOLDER:
                path.mkdir(parents=True, exist_ok=True)
            elif node in first:
                path.hardlink_to(first[node])
            elif path.parent.is_dir():
                first[node] = path
                path.touch(0o600)
                path.write_bytes(self.content[node])


class Disk:
    """A folder in which calls are made: both the state that programs see, and the state that is certainly on the
    disk.
    """

    def __init__(self, folder: Path) -> None:
        self._seen: dict[str, Node] = {}
        self._content: list[bytearray] = []
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            self._seen[name] = Link(str(path.readlink())) if path.is_symlink() else self._kept(path)
        self._safe = dict(self._seen)
        self._unsynced: list[list[Call]] = [[] for _ in self._content]
        self._renamings: list[tuple[Call, Node]] = []

    def _kept(self, path: Path) -> int:
        if path.is_dir():
            return FOLDER
        self._content.append(bytearray(path.read_bytes()))
        return len(self._content) - 1

    def take(self, call: Call) -> None:
        """Applies a system call to the folder."""
        node = self._seen.get(call.path)
        match call.kind:
            case "write" | "cut":
                assert isinstance(node, int)
                self._unsynced[node].append(call)
            case "sync":
                self._synced(FOLDER if node is None or isinstance(node, Link) else node)
            case "create" if node is None:
                self._content.append(bytearray())
                self._unsynced.append([])
                self._rename(call, len(self._content) - 1)
            case "mkdir":
                self._rename(call, FOLDER)
            case "symlink":
                self._rename(call, Link(call.other))
            case "link" | "rename" | "unlink" if node is not None:
                self._rename(call, node)

    def _rename(self, call: Call, node: Node) -> None:
        self._renamings.append((call, node))
        _rename(self._seen, call, node)

    def _synced(self, node: int) -> None:
        if node == FOLDER:
            until = len(self._renamings)
        else:
            for call in self._unsynced[node]:
                _apply(self._content[node], call)
            self._unsynced[node].clear()
            made = [at for at, (call, of) in enumerate(self._renamings) if call.kind == "create" and of == node]
            until = made[-1] + 1 if made else 0
        for call, of in self._renamings[:until]:
            _rename(self._safe, call, of)
        del self._renamings[:until]

    def cut(self, chance: Random) -> Image:
        """Returns a random state that a power cut at this moment could leave."""
        names, kept = dict(self._safe), chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        many = {0.0: 0, 1.0: len(self._renamings)}.get(kept, chance.randint(0, len(self._renamings)))
        for call, node in self._renamings[:many]:
            _rename(names, call, node)
        content = {}
        for node in sorted({node for node in names.values() if isinstance(node, int) and node != FOLDER}):
            data = bytearray(self._content[node])
            for call in self._unsynced[node]:
                for part in _sectors(call):
                    if chance.random() < kept:
                        _apply(data, part)
            content[node] = bytes(data)
        return Image(names, content)


def without_syncs(made: Sequence[Call], folder: Path, *, folders_only: bool) -> list[Call]:
    """Returns the calls without syncs, or only without syncs of folders. The result is a control: the calls of a
    program that forgets to sync.
    """

    def is_folder(path: str) -> bool:
        return (folder / path).is_dir() or Call("mkdir", path) in made

    return [call for call in made if call.kind != "sync" or (folders_only and not is_folder(call.path))]


def _sectors(call: Call) -> Iterator[Call]:
    """Splits a write at sector boundaries, because a disk writes each sector as a whole."""
    if call.kind == "cut":
        yield call
        return
    at = 0
    while at < len(call.data):
        end = at + SECTOR - (call.at + at) % SECTOR
        yield call._replace(at=call.at + at, data=call.data[at:end])
        at = end


def _apply(data: bytearray, call: Call) -> None:
    end = call.at + len(call.data)
    if call.kind == "cut":
        del data[end:]
    data.extend(bytes(max(0, end - len(data) if call.kind == "cut" else call.at - len(data))))
    if call.kind == "write":
        data[call.at : end] = call.data


def _rename(names: dict[str, Node], call: Call, node: Node) -> None:
    match call.kind:
        case "create" | "mkdir" | "symlink":
            names[call.path] = node
        case "link":
            names[call.other] = node
        case "unlink":
            names.pop(call.path, None)
        case "rename":
            for path in [path for path in names if path == call.path or path.startswith(f"{call.path}/")]:
                names[call.other + path.removeprefix(call.path)] = names.pop(path)

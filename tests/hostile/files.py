"""Makes damaged input files of every kind that a command takes: imports, tables, profiles, terms, checkpoints,
receipts, keys, exports, ledgers.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

ROOT = Path(__file__).parents[2]
MADE = {
    "e.jsonl": b"".join(
        b'{"event": "activity-held", "valid_on": "2026-01-%02d", "source": {"organ": "official", "paragraph": "\xc2\xa7'
        b' %d"}, "kind": "seminar", "title": "\xc3\x85r %d", "place": "Sala", "organisers": ["sala"]}\n'
        % (day, day, day)
        for day in range(1, 4)
    ),
    "e.csv": b"party;to;purpose;year;instalment;amount;on;organ\n"
    + b"".join(
        b"sala;region;contribution;2025;1;1 %03d,50 kr;2025-01-%02d;official\n" % (day, day) for day in range(1, 4)
    ),
    "text.txt": "Överenskommelse\n".encode(),
}  # MADE holds good files that no command of the program makes.


class Given(NamedTuple):
    """A damaged copy of a good file or of the good export, for one command line. The same seed always gives the same
    damage.
    """

    kind: str
    name: str
    seed: int

    def make(self, folder: Path) -> None:
        """Writes the damaged copy into the folder."""
        from random import Random

        random = Random(self.seed)
        good, target = folder / self.kind, folder / self.name
        if good.is_dir():
            shutil.copytree(good, target)
            inside = sorted(path for path in target.rglob("*") if path.is_file())
            target = random.choice(inside)
            if random.random() < 0.2:
                _in_place(random, target)
                return
        target.write_bytes(random.choice(WAYS)(random, (target if target.exists() else good).read_bytes()))


def spoilt(random: Random, kind: str, name: str) -> Given:
    return Given(kind, name, random.getrandbits(32))


def _in_place(random: Random, target: Path) -> None:
    """Replaces a file by something that is not a regular file, or removes it."""
    target.unlink()
    way = random.choice(("gone", "pipe", "folder", "link", "sparse", "loop"))
    if way == "pipe":
        os.mkfifo(target)
    elif way == "folder":
        target.mkdir()
    elif way == "sparse":
        target.touch()
        os.truncate(target, 2**35)
    elif way != "gone":
        target.symlink_to("/dev/zero" if way == "link" else target.name)


def _replaced(pattern: bytes, *by: bytes) -> Callable[[Random, bytes], bytes]:
    def change(random: Random, data: bytes) -> bytes:
        found = list(re.finditer(pattern, data))
        if not found:
            return data + random.choice(by)
        one = random.choice(found)
        return data[: one.start()] + random.choice(by) + data[one.end() :]

    return change


def _encoded(*ways: str) -> Callable[[Random, bytes], bytes]:
    return lambda random, data: data.decode("utf-8", "replace").encode(random.choice(ways), "replace")


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randint(0, len(data))]


def _flipped(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 3, 50))):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _inserted(random: Random, data: bytes) -> bytes:
    place = random.randint(0, len(data))
    return data[:place] + random.choice(BYTES) + data[place:]


def _lines(random: Random, data: bytes) -> bytes:
    """Reorders the lines of a file, and sometimes drops or repeats a line."""
    found = data.splitlines(keepends=True)
    random.shuffle(found)
    return b"".join(random.choice((found, found[1:], [*found, *found[:1]])))


def _repeated(random: Random, data: bytes) -> bytes:
    """Repeats one line of a file many times, or one field of a line."""
    found = data.splitlines(keepends=True) or [b"x\n"]
    if random.random() < 0.5:
        return data + random.choice(found) * random.choice((2, 300))
    return re.sub(rb'("[a-z_]+": ?[^,{}\[\]]+),', rb"\1, \1,", data, count=1)


def _wide(random: Random, data: bytes) -> bytes:
    """Lengthens the first line of a file by 300 000 columns, JSON keys or separators."""
    first, _, rest = data.partition(b"\n")
    many = random.choice((b";x", b",", b"\t", b' = "x"\nk'))
    return first + many * 300_000 + b"\n" + rest


def _deep(random: Random, data: bytes) -> bytes:
    depth = random.choice((200, 2_000, 100_000))
    nested = random.choice(
        (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b"a." * depth + b"b=1")
    )
    return _replaced(rb'"[^"\n]*"', nested)(random, data)


BYTES = (
    b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\r", b"\n", b"\n\n\n", b'"', b"'", b"{", b"}", b"[", b"]", b",", b";",
    b"\\", b"\x1b[2J", b"\xed\xa0\x80", "\u202e".encode(), "\u2028".encode(), b"\xf4\x90\x80\x80", b"--", b"#", b"=",
    b"\x1a", b"\0" * 5_000, b"x" * 100_000,
)  # fmt: skip
VALUES = (
    b"0", b"-1", b"1.5", b"1e999", b"-1e-999", b"NaN", b"Infinity", b"9" * 30, b"9" * 6_000, b"true", b"null", b'""',
    b'"x"', b"[]", b"{}", b"[[]]", b'"\\ud800"', b'"\\u0000"', b'"' + b"x" * 70_000 + b'"', b'"0000-00-00"',
    b'"10000-01-01"', b'"2025-02-29"', b'"-1"', b'"1/0"', b"'x'", b"2024-01-01", b"2024-01-01T00:00:00Z", b"24:00:00",
    b'"9999-12-31"', b'"\\u202e"', "'٣'".encode(), "١٢".encode(), b"0x10", b"1_000", b"inf",
)  # fmt: skip
WAYS: Sequence[Callable[[Random, bytes], bytes]] = (
    lambda _, data: data,
    lambda _, data: data[:0],
    lambda _, data: b"\xef\xbb\xbf" + data,
    lambda _, data: data.replace(b"\n", b"\r\n"),
    lambda _, data: data.replace(b"\n", b"\r"),
    lambda _, data: data.replace(b"\n", b""),
    lambda _, data: data + data,
    lambda _, data: b"PK\x03\x04\x14\0\x06\0" + data,
    lambda _, data: b"\x1f\x8b\x08\0" + data,
    lambda _, data: b"{" + data + b"}",
    lambda random, data: random.randbytes(len(data)),
    _encoded("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "ascii", "utf-7"),
    *(_cut, _flipped, _inserted) * 2,
    *(_lines, _repeated, _wide, _deep),
    *(_replaced(rb'"[^"\n]*"', *VALUES), _replaced(rb"\d+", *VALUES)) * 2,
    _replaced(rb"[a-z_]{3,}", b"x", b"", b"event", b"amount", b"__class__"),
)


def lay_traps(folder: Path) -> None:
    """Fills the folder with traps: pipes, sockets, links, huge files and other things that are not ordinary readable
    files.
    """
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "folder/full").write_text("x")
    (folder / "closed").mkdir()
    (folder / "closed/x").write_text("x")
    for name, target in (
        ("loop", "loop"),
        ("dangling", "gone/x"),
        ("zero", "/dev/zero"),
        ("devfull", "/dev/full"),
        ("link.db", "liggare.db"),
    ):
        (folder / name).symlink_to(target)
    for name, size in (("sparse", 2**35), ("nulls", 60 * 2**20), ("unreadable", 5)):
        (folder / name).touch()
        os.truncate(folder / name, size)
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(folder)
        bound.bind("socket")
        os.chdir(here)
    (folder / "unreadable").chmod(0)
    (folder / "closed").chmod(0)


def made_like(path: Path) -> tuple[int, ...]:
    """Returns the attributes of a path that change if the file at the path is written to or replaced."""
    found = path.lstat()
    return (found.st_mode, found.st_ino, found.st_mtime_ns, found.st_size if stat.S_ISREG(found.st_mode) else 0)

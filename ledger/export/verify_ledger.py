#!/usr/bin/env python3
"""Checks an export of a ledger without the program that wrote it: this one file, Python 3.9 or later, nothing else.

python3 -I verify_ledger.py [DIR] [--since OLD-CHECKPOINT] [--vkey VKEY]
Exit code 0: everything agrees. 4: something does not. 2: called wrongly, or no export there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections import namedtuple
from hashlib import sha256, sha512
from typing import Any, Iterator

# Ed25519, RFC 8032 section 5.1. A point is (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def add(p: tuple, q: tuple) -> tuple:
    """RFC 8032 section 5.1.4."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> tuple | None:
    """RFC 8032 section 5.1.3, but that y may be P or more, and x a negative 0, as OpenSSL and Go have it."""
    number = int.from_bytes(data, "little")
    y, odd = number % 2**255 % P, number >> 255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT_OF_MINUS_1 % P
    if v * x * x % P != u:
        return None
    x = x if x % 2 == odd else -x % P
    return x, y, 1, x * y % P


def summed(p: tuple, n: int, q: tuple, m: int) -> bytes:
    """[n]P + [m]Q, encoded. RFC 8032 sections 5.1.2 and 5.1.4."""
    terms, found = (IDENTITY, p, q, add(p, q)), IDENTITY
    for bit in range(max(n, m).bit_length() - 1, -1, -1):
        found = add(add(found, found), terms[(n >> bit & 1) + 2 * (m >> bit & 1)])
    x, y = (found[place] * pow(found[2], -1, P) % P for place in (0, 1))
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 section 5.1.7, without the cofactor: [S]B - [k]A is R, bit for bit."""
    a, r, s = point(key), signature[:32], int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % ORDER
    return summed(BASE, s, (-a[0] % P, a[1], 1, -a[3] % P), k) == r


# Keys and checkpoints: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. Each ValueError is a sentence.
Key = namedtuple("Key", "vkey name id public")
Checkpoint = namedtuple("Checkpoint", "origin size root text signatures")  # of (name, id, signature)


def key_of(vkey: str) -> Key:
    """The Ed25519 key in NAME+ID+KEY; none of the few under which anyone can sign."""
    name, id_, data = [*vkey.split("+", 2), "", ""][:3]
    data = unbase64(data)
    key = Key(vkey, name, sha256(name.encode() + b"\n" + data).digest()[:4], data[1:])
    if not re.fullmatch(r"[^\s+]+", name) or key.id.hex() != id_ or data[:1] != b"\x01" or len(data) != 33:
        raise ValueError("not an Ed25519 key, NAME+ID+KEY")
    if (a := point(key.public)) is None or summed(a, 8, BASE, 0) == summed(a, 0, BASE, 0):
        raise ValueError("a key that proves nothing")
    return key


def checkpoint_of(note: bytes) -> Checkpoint:
    """An origin, a size and a root, and who signed them; the signatures are not checked here."""
    text, _, rest = note.decode("utf-8").rpartition("\n\n")
    lines, found = text.split("\n"), []
    if re.search(r"[\x00-\x09\x0b-\x1f]", text + rest) or len(lines) != 3 or not lines[0] or rest[-1:] != "\n":
        raise ValueError("not an origin, a size, a root and signatures, a line each")
    if not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1], re.ASCII) or len(unbase64(lines[2])) != 32:
        raise ValueError("the size or the root is not one")
    for line in rest[:-1].split("\n"):
        signature = re.fullmatch(r"— ([^\s+]+) (\S+)", line)
        if not signature or len(unbase64(signature[2])) < 5:
            raise ValueError("a signature is not one")
        found.append((signature[1], unbase64(signature[2])[:4], unbase64(signature[2])[4:]))
    return Checkpoint(lines[0], int(lines[1]), unbase64(lines[2]), f"{text}\n".encode(), found)


def unbase64(text: str) -> bytes:
    data = b64decode(text, validate=True)
    if b64encode(data).decode() != text:
        raise ValueError("base64 has one spelling")
    return data


# The tree: RFC 6962 section 2.1; its tiles: c2sp.org/tlog-tiles.
def root_of(hashes: list) -> bytes:
    """The hash over leaves, or over roots of subtrees of one size; the last one may be of a smaller tree."""
    while len(hashes) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0] if hashes else sha256().digest()


# Entries: JSON with sorted keys and no spaces, no floats, no number beyond 2**53.
KEYS = ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def whole(text: str) -> int:
    if not -(2**53) <= int(text) <= 2**53:
        raise ValueError("a number that not every reader holds")
    return int(text)


def from_json(data: bytes) -> Any:
    """The document in these bytes, None where a ledger would write it otherwise."""
    try:
        found = json.loads(data.decode("utf-8"), parse_float=whole, parse_int=whole, parse_constant=whole)
        return found if canonical(found).encode() == data else None
    except (ValueError, RecursionError):
        return None


class Export:
    """A folder, what was found in it so far, and what is wrong with it."""

    def __init__(self, folder: str) -> None:
        self.folder, self.faults, self.known = folder, [], {"verify_ledger.py", "README.txt"}
        self.levels, self.full = [[]], [0]  # the hashes that fill no tile yet, and the number of full tiles, by level
        self.latest, self.keys = "", []
        self.registered, self.disposed, self.documents = {}, {}, {}

    def read(self, path: str, most: int = 2**31) -> bytes:
        self.known.add(path)
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                return file.read(most)
        except OSError as error:
            self.faults.append(f"{path}: {error.strerror}")
            return b""

    def files(self, below: str = "") -> list:
        found = []
        for folder, _, names in os.walk(os.path.join(self.folder, below)):
            found += [os.path.relpath(os.path.join(folder, name), self.folder) for name in names]
        return sorted(found)

    def path(self, level: object, number: int, width: int) -> str:
        """c2sp.org/tlog-tiles: the number three digits a folder, x before all but the last."""
        parts = [f"{number % 1000:03d}"]
        while number := number // 1000:
            parts.insert(0, f"x{number % 1000:03d}")
        return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < 256 else "")

    def grow(self, hashes: list, level: int = 0) -> None:
        """Adds hashes to a level, no more than fill its tile. The roots of full tiles are the level above."""
        if level == len(self.levels):
            self.levels, self.full = [*self.levels, []], [*self.full, 0]
        self.levels[level] += hashes
        if len(self.levels[level]) == 256:
            self.compare(level)
            self.grow([root_of(self.levels[level])], level + 1)
            self.levels[level], self.full[level] = [], self.full[level] + 1

    def compare(self, level: int) -> None:
        path = self.path(level, self.full[level], len(self.levels[level]))
        if self.read(path) != b"".join(self.levels[level]):
            self.faults.append(f"{path}: not what the entries hash to")

    def root(self, more: list) -> bytes:
        """The root of the tree with these leaves too."""
        found = more
        for hashes in self.levels:
            found = [root_of(hashes + found)] if hashes or found else []
        return root_of(found)

    def take(self, position: int, entry: Any) -> None:
        """What an entry says about time, keys, and what lies beside the log: names and documents."""
        try:
            if list(entry) != KEYS or not MOMENT.fullmatch(entry["recorded_at"]):
                raise ValueError
            if entry["recorded_at"] <= self.latest:
                self.faults.append(f"entry {position}: recorded at {entry['recorded_at']}, not after the one before")
            self.latest, fields = entry["recorded_at"], entry["fields"]
            if entry["event"] == "person-registered":
                self.registered[position] = fields["person"], fields["name"]["sha-256"]
            elif entry["event"] == "personal-data-disposed":
                self.disposed[fields["person"]] = position
            elif entry["event"] == KEY_CHANGED:
                self.keys.append((position, key_of(fields["vkey"])))
            for one in (entry["source"], *fields.get("documents", ())):
                self.documents.setdefault(one.get("document"), position)
        except (AttributeError, LookupError, TypeError, ValueError):
            self.faults.append(f"entry {position}: not written as a ledger writes")

    def check_names(self) -> None:
        """Each name is the one registered; none is missing, or there, but for a disposal."""
        names, lines = [], self.read("names.jsonl").splitlines()
        for number, one in enumerate(map(from_json, lines), 1):
            try:
                digest = urlsafe_b64encode(sha256(one["disclosure"].encode()).digest()).rstrip(b"=").decode()
                if digest != self.registered[one["position"]][1] or one["position"] <= max(names[-1:], default=0):
                    raise ValueError
                names.append(one["position"])
            except (AttributeError, LookupError, TypeError, ValueError):
                self.faults.append(f"names.jsonl, line {number}: not the name that was registered")
        for position, (person, _) in self.registered.items():
            if (position in set(names)) == (self.disposed.get(person, 0) > position):
                what = "is missing, and was not disposed of" if position not in names else "was disposed of"
                self.faults.append(f"names.jsonl: the name of {person}, entry {position}, {what}")

    def check_entries(self, notes: dict, size: int) -> None:
        """Entries, tiles and roots. RFC 6962 section 2.1; c2sp.org/tlog-tiles."""
        for first in range(0, size, 256):
            width = min(256, size - first)
            path = self.path("entries", first // 256, width)
            if len(entries := entries_in(self.read(path))) != width:
                return self.faults.append(f"{path}: not {width} entries; what follows was not checked")
            for position, entry in enumerate(map(from_json, entries), first + 1):
                self.take(position, entry)
            leaves = [sha256(b"\x00" + entry).digest() for entry in entries]
            for path, note in notes.items():
                if first < note.size <= first + width and self.root(leaves[: note.size - first]) != note.root:
                    self.faults.append(f"{path}: its root is not that of the first {note.size} entries here")
            self.grow(leaves)
        for level in range(len(self.levels)):
            if self.levels[level]:
                self.compare(level)

    def check(self, since: Checkpoint | None, vkey: str | None) -> Checkpoint:
        notes, said = {}, from_json(self.read("export.json")) or {}
        for path in ("checkpoint", *self.files("checkpoints")):
            try:
                notes[path] = checkpoint_of(self.read(path))
            except ValueError as error:
                self.faults.append(f"{path}: {error}")
        head = notes["checkpoint"]
        
        if os.path.exists(os.path.join(self.folder, "names.jsonl")):
            self.check_names()
        for path in self.files("documents"):
            digest = sha256(self.read(path)).hexdigest()
            if path != f"documents/{digest}" or digest not in self.documents:
                self.faults.append(f"{path}: not a document that an entry names")
        for path in self.files():
            if path not in self.known:
                self.faults.append(f"{path}: does not belong here")

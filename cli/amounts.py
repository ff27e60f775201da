"""Amounts in a spreadsheet's columns: whole öre as everywhere, or kronor with both decimals as a bank writes them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ledger.errors import MOST_TOLD, BadInput
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP = r"[ \u00a0\u202f]"  # between thousands: a blank, or one that does not break
_ORE = re.compile(r"-?\d{1,18}", re.ASCII)
_KRONOR = re.compile(rf"([-\u2212]?)(\d{{1,16}}|\d{{1,3}}(?:{_GAP}\d{{3}}){{1,4}})[,.](\d\d)(?:{_GAP}?kr)?", re.ASCII)


class Amounts:
    """The columns of money. A column is in öre or in kronor and never in both: 1000 would be either."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._in_kronor: dict[str, tuple[int, str]] = {}  # the first of each column, with its line
        self._in_ore: dict[str, list[tuple[int, str]]] = {name: [] for name in columns}  # the first, but for 0
        self._more: Counter[str] = Counter()

    def read(self, line: int, cells: dict[str, str]) -> dict[str, str]:
        """The cells of a row, its amounts as öre; BadInput if one is no amount."""
        return cells | {name: self._ore(line, name, cells[name]) for name in self._in_ore.keys() & cells.keys()}

    def _ore(self, line: int, name: str, cell: str) -> str:
        if kronor := _KRONOR.fullmatch(cell):
            self._in_kronor.setdefault(name, (line, cell))
            minus, whole, decimals = kronor.groups()
            return ("-" if minus else "") + re.sub(_GAP, "", whole) + decimals
        if not _ORE.fullmatch(cell):
            form = "write whole öre, 838725146, or kronor with both decimals, 8387251,46"
            raise BadInput([(None, f"{name}: {quoted(cell)} is not an amount: {form}")])
        if int(cell) and len(self._in_ore[name]) < MOST_TOLD:
            self._in_ore[name].append((line, cell))
        elif int(cell):
            self._more[name] += 1
        return cell

    def mixed(self) -> BadInput:
        """Each amount without decimals in a column of kronor, with its line; 0 is the same in both."""
        faults = [
            (line, f"{name}: {cell} is whole öre, and line {other} has kronor, {kronor}: write all alike")
            for name, (other, kronor) in self._in_kronor.items()
            for line, cell in self._in_ore[name]
        ]
        return BadInput(faults, sum(self._more[name] for name in self._in_kronor))

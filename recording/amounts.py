"""Numbers as people write them. An amount is in whole öre, or in kronor with both decimals as banks write it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ledger.errors import MOST_TOLD, BadInput
from ledger.messages import marked, msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP = r"[ \u00a0\u2009\u202f]"  # the thousands separator: an ordinary, no-break or thin space
_ORE = re.compile(r"-?\d{1,18}", re.ASCII)
_GROUPED = re.compile(rf"([-\u2212]?)(\d{{1,18}}|\d{{1,3}}(?:{_GAP}\d{{3}}){{1,5}})", re.ASCII)
_WHOLE_KRONOR = rf"([-\u2212]?)(\d{{1,16}}|\d{{1,3}}(?:{_GAP}\d{{3}}){{1,4}})"
# Kronor have both decimals, the word kr, or both: 1 234,56 or 1 234 kr.
_KRONOR = re.compile(rf"{_WHOLE_KRONOR}(?:[,.](\d\d)(?:{_GAP}?kr)?|{_GAP}?kr)", re.ASCII)


IN_ORE = "in whole öre"  # how the events' fields say it; people may also give kronor
IN_EITHER = marked("in kronor (1 234,56) or whole öre (123456)")


def whole(text: str) -> int | None:
    """Returns a whole number, with or without separated thousands and with either minus sign, or None for any other
    text.
    """
    found = _GROUPED.fullmatch(text.strip())
    return int(_signed(*found.groups())) if found else None


def ore(text: str) -> int | None:
    """Returns an amount in öre, from whole öre or from kronor with both decimals, or None for any other text.

    Whole öre are never grouped, because `1 000` could be either öre or kronor.
    """
    text = text.strip()
    if kronor := _KRONOR.fullmatch(text):
        return int(_in_ore(kronor))
    return int(text) if _ORE.fullmatch(text) else None


def from_kronor(text: str) -> int | None:
    """Returns an amount in öre from kronor, with or without decimals, or None for any other text."""
    text = text.strip()
    if kronor := _KRONOR.fullmatch(text):
        return int(_in_ore(kronor))
    found = whole(text)
    return None if found is None else 100 * found


def no_amount(text: str) -> str:
    """Returns a sentence that says that a text is no amount, and how an amount is written."""
    return msg(
        "{value} is not an amount: write whole öre, 838725146, or kronor with both decimals, 8387251,46",
        value=quoted(text),
    )


def alike(texts: Iterable[str]) -> None:
    """Raises ValueError when some amounts are in kronor and others in whole öre. A 0 may be either öre or kronor."""
    given = list(texts)
    kronor = next((one for one in given if _KRONOR.fullmatch(one)), None)
    in_ore = next((one for one in given if _ORE.fullmatch(one) and int(one)), None)
    if kronor and in_ore:
        raise ValueError(msg("{ore} is whole öre, and {kronor} kronor: write all alike", ore=in_ore, kronor=kronor))


def _in_ore(kronor: re.Match[str]) -> str:
    minus, of_kronor, decimals = kronor.groups()
    return _signed(minus, of_kronor) + (decimals or "00")


def _signed(minus: str, digits: str) -> str:
    return ("-" if minus else "") + re.sub(_GAP, "", digits)


class Amounts:
    """Reads the amounts in the columns of a table, and notes which columns mix öre and kronor.

    A column must be in öre or in kronor throughout, because 1000 could be either.
    """

    def __init__(self, columns: Iterable[str]) -> None:
        self._in_kronor: dict[str, tuple[int, str]] = {}  # the first amount in kronor of each column, with its line
        self._in_ore: dict[str, list[tuple[int, str]]] = {name: [] for name in columns}  # the first nonzero öre amounts
        self._more: Counter[str] = Counter()

    def read(self, line: int, cells: dict[str, str]) -> dict[str, str]:
        """Returns the cells of a row with the amounts in öre. Raises BadInput when a cell of an amount column holds no
        amount.
        """
        return cells | {name: self._read(line, name, cells[name]) for name in self._in_ore.keys() & cells.keys()}

    def _read(self, line: int, name: str, cell: str) -> str:
        """Returns a cell with its amounts in öre, including the amounts of a map such as `sala=100;arboga=200`.

        A cell with JSON or with the name of a file is returned unchanged.
        """
        if "=" not in cell or cell[0] in "{@":
            return cell if cell[0] in "{@" else self._ore(line, name, cell)
        pairs = [one.rpartition("=") for one in cell.split(";")]
        return ";".join(
            f"{key}={self._ore(line, name, value.strip())}" if equals else value for key, equals, value in pairs
        )

    def _ore(self, line: int, name: str, cell: str) -> str:
        if kronor := _KRONOR.fullmatch(cell):
            self._in_kronor.setdefault(name, (line, cell))
            return _in_ore(kronor)
        if not _ORE.fullmatch(cell):
            raise BadInput([(None, f"{name}: {no_amount(cell)}")])
        if int(cell) and len(self._in_ore[name]) < MOST_TOLD:
            self._in_ore[name].append((line, cell))
        elif int(cell):
            self._more[name] += 1
        return cell

    def mixed(self) -> BadInput:
        """Returns a BadInput that lists each amount in whole öre in a column of kronor, with its line.

        A 0 is not listed, since it is the same in both units.
        """
        faults = [
            (
                line,
                msg(
                    "{field}: {ore} is whole öre, and line {line} has kronor, {kronor}: write all alike",
                    field=name, ore=cell, line=other, kronor=kronor,
                ),
            )
            for name, (other, kronor) in self._in_kronor.items()
            for line, cell in self._in_ore[name]
        ]  # fmt: skip
        return BadInput(faults, sum(self._more[name] for name in self._in_kronor))

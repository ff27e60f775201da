"""Draws docs/architecture.svg from the imports in the code: which part imports which, and in how many of its modules.

`make pictures` writes docs/architecture.svg. The same code always gives the same bytes, and a test compares these bytes
with the file.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"
PACKAGES = ("cli", "web", "exchange", "papers", "recording", "presentation", "projections", "ledger")


class Box(NamedTuple):
    """A part of the program: what it is for, its modules, its colour (hue in degrees) and its place (pixels)."""

    says: str
    modules: tuple[str, ...]
    hue: int
    left: int
    top: int
    width: int = 260
    height: int = 54

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> int:
        return self.left + self.width // 2


ABOVE, FRAME, PITCH = 32, 250, 84  # pixels: top of the first row, top of `ledger`, distance between rows in `ledger`
LEFT, RIGHT = 184, 584


def _row(number: int) -> int:
    return FRAME + 50 + number * PITCH


BOXES = {  # every part of the program is drawn as a box; a new part needs a row here, or a place in FLOOR
    "cli": Box("one command a file; prints; clock", ("cli",), 258, 680, ABOVE, 240),
    "web": Box("pages: an address an answer", ("web",), 20, 40, ABOVE, 240),
    "papers": Box("and exchange: Excel, bank, archive", ("papers", "exchange"), 95, 340, ABOVE, 280),
    "recording": Box("texts and rows become events", ("recording",), 300, 555, ABOVE + 96, 215),
    "presentation": Box("answers as words and tables", ("presentation",), 330, 40, ABOVE + 96, 208),
    "projections": Box("one question a file, typed", ("projections",), 200, 300, ABOVE + 96, 220),
    "book": Box("the one write path: judge, append", ("ledger.book", "ledger.signed"), 222, LEFT, _row(0)),
    "rules": Box("what the agreement demands", ("ledger.rules",), 10, LEFT, _row(1)),
    "state": Box("what is so on a day", ("ledger.state",), 35, LEFT, _row(2)),
    "timeline": Box("entries in order of valid day", ("ledger.timeline",), 130, LEFT, _row(3)),
    "encoding": Box("entries to bytes, and back", ("ledger.encoding", "ledger.skim"), 175, LEFT, _row(4)),
    "events": Box("what can be recorded", ("ledger.events",), 90, LEFT, _row(5)),
    "integrity": Box("checkpoints, receipts, export", ("ledger.integrity",), 285, RIGHT, _row(0)),
    "store": Box("SQLite, PostgreSQL; the only SQL", ("ledger.store",), 235, RIGHT, _row(1) + 24),
    "proof": Box("Merkle tree, notes: pure formats", ("ledger.proof",), 310, RIGHT, _row(3)),
    "profile": Box(
        "an agreement as data", ("ledger.profile", "ledger.profiles", "ledger.passages"), 60, RIGHT, _row(5)
    ),
}
FLOOR = (
    "values",
    "sweden",
    "terms",
    "readings",
    "names",
    "canonical",
    "errors",
    "messages",
    "limits",
)  # modules of `ledger` that any part may import
WIDTH, HEIGHT = 960, _row(6) + 106

STYLE = """\
svg { color-scheme: light dark }
text { font: 15px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
.name { font-weight: 600 }
.says { font-size: 12.5px; fill: #59636e }
.count { font-size: 12px; fill: #59636e; text-anchor: end }
.number { font-size: 11.5px; text-anchor: middle }
.number { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
.paper { fill: #ffffff; stroke: #d1d9e0 }
.frame { fill: #f6f8fa; stroke: #d1d9e0 }
.within { stroke: #f6f8fa }
.floor { fill: #eaeef2; stroke: #d1d9e0 }
.arrow { fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .says, .count { fill: #9198a1 }
  .number { stroke: #0d1117 }
  .paper { fill: #0d1117; stroke: #3d444d }
  .frame { fill: #151b23; stroke: #3d444d }
  .within { stroke: #151b23 }
  .floor { fill: #212830; stroke: #3d444d }
}
"""


class Arrow(NamedTuple):
    """The imports of one part from another. `times` is the number of modules of `source` that import from `target`,
    even if only for types.
    """

    source: str
    target: str
    times: int


class Point(NamedTuple):
    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.1f} {self.y:.1f}"

    def moved(self, x: float, y: float = 0) -> Self:
        return self._replace(x=self.x + x, y=self.y + y)


def modules(root: Path = ROOT) -> dict[str, ast.Module]:
    """Returns the syntax tree of every module of the program, by dotted name. The __init__.py of a package goes by the
    package's name.
    """
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    dotted = {path: ".".join(path.relative_to(root).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): ast.parse(path.read_text("utf-8")) for path, name in dotted.items()}


def imported(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    """Yields the modules of the program that a module imports, including imports inside functions and imports for types
    alone.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (one if one in known else str(node.module) for one in full)


def box_of(module: str) -> str:
    """Returns the name of the box that a module is drawn in, or "" for a module in FLOOR and for `ledger` itself.

    Raises ValueError for a module that has no place in the picture.
    """
    for name, box in BOXES.items():
        if any(module == one or module.startswith(f"{one}.") for one in box.modules):
            return name
    if module == "ledger" or module.removeprefix("ledger.") in FLOOR:
        return ""
    raise ValueError(f"{module} is in no box of docs/pictures.py: give it a row in BOXES, or a place in FLOOR")


def arrows(program: Mapping[str, ast.Module]) -> list[Arrow]:
    """Returns an arrow for each pair of boxes of which one imports the other.

    If a module of another package imports any part of `ledger`, the arrow goes to `ledger` as a whole.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, tree in program.items():
        source = box_of(name)
        for one in imported(tree, program):
            target = "ledger" if _inside(one) and not _inside(name) else box_of(one)
            if source and target and source != target:
                found[source, target].add(name)
    return [Arrow(source, target, len(names)) for (source, target), names in sorted(found.items())]


def _inside(module: str) -> bool:
    return module.partition(".")[0] == "ledger"


def picture(program: Mapping[str, ast.Module]) -> str:
    """Returns the picture as SVG."""
    sizes = Counter(map(box_of, program))
    ledger = sum(map(_inside, program))
    about = "An arrow points at what is imported. Its number is how many modules import it, if only for types; "
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>The parts of liggare, and which imports which</title>",
        f"<style>\n{STYLE}{_colours()}</style>",
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="12"/>',
        f'<rect class="frame" x="20" y="{FRAME}" width="{WIDTH - 40}" height="{HEIGHT - FRAME - 44}" rx="12"/>',
        _text("name", 40, FRAME + 28, "ledger"),
        _text("says", 104, FRAME + 28, "what is recorded, and what follows from it"),
        _text("count", WIDTH - 40, FRAME + 28, f"{ledger} modules"),
        *_arrows(arrows(program)),
        *(line for name, box in BOXES.items() for line in _box(name, box, sizes[name])),
        *_floor(),
        _text("says", 40, HEIGHT - 18, f"{about}without a number, it is one."),
        "</svg>",
    )
    return "".join(f"{line}\n" for line in lines)


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{text}</text>'


def _colours() -> str:
    return "".join(
        f".{name} {{ stroke: hsl({box.hue}, 58%, 52%) }} .{name}-full {{ fill: hsl({box.hue}, 58%, 52%) }}\n"
        for name, box in BOXES.items()
    )


def _box(name: str, box: Box, size: int) -> Iterator[str]:
    yield f'<rect class="paper" x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}" rx="8"/>'
    yield f'<rect class="{name}-full" x="{box.left}" y="{box.top}" width="6" height="{box.height}" rx="3"/>'
    yield _text("name", box.left + 18, box.top + 23, name)
    yield _text("count", box.right - 12, box.top + 23, f"{size} modules" if size > 1 else "1 module")
    yield _text("says", box.left + 18, box.top + 42, box.says)


def _floor() -> Iterator[str]:
    top = _row(6) - 6
    yield f'<rect class="floor" x="40" y="{top}" width="{WIDTH - 80}" height="44" rx="8"/>'
    yield _text("name", 58, top + 27, " · ".join(FLOOR))
    yield _text("count", WIDTH - 58, top + 27, "for every part")


def _arrows(drawn: list[Arrow]) -> Iterator[str]:
    """Yields the SVG of the curves, with thin curves on top of thick ones, and then the SVG of the arrows' numbers."""
    ports = _ports(drawn)
    curves = [(one, *_curve(one, ports)) for one in sorted(drawn, key=lambda one: -one.times)]
    for one, path, tip, _ in curves:
        yield f'<path class="arrow {one.source}" stroke-width="{_thickness(one):.1f}" d="{path}"/>'
        yield f'<polygon class="{one.source}-full" points="{tip}"/>'
    for one, _, _, at in (curve for curve in curves if curve[0].times > 1):
        within = " within" if one.source in BOXES and BOXES[one.source].top > FRAME else ""
        yield _text(f"number{within}", round(at.x, 1), round(at.y + 4, 1), str(one.times))


def _thickness(one: Arrow) -> float:
    return 1 + 0.85 * float(one.times**0.5)


def _side(one: Arrow) -> tuple[str, str]:
    """Returns the side of the source's box where an arrow leaves, and the side of the target's box where it arrives."""
    if one.target == "ledger":
        return "bottom", "top"
    source, target = BOXES[one.source], BOXES[one.target]
    if source.left == target.left:
        between = [box for box in BOXES.values() if box.left == source.left and source.top < box.top < target.top]
        outer = "left" if source.left == LEFT else "right"
        return (outer, outer) if between else ("bottom", "top")
    if source.top < FRAME and source.top < target.top:
        return "bottom", "top"
    return ("right", "left") if source.left < target.left else ("left", "right")


def _ports(drawn: list[Arrow]) -> dict[tuple[str, Arrow], Point]:
    """Returns the points on the left and right sides of boxes where each arrow leaves and arrives.

    The points on one side of a box are ordered so that no arrows cross.
    """
    ends: dict[tuple[str, str], list[tuple[tuple[float, ...], str, Arrow]]] = defaultdict(list)
    for one in drawn:
        for end, name, other, side in zip(
            ("leaves", "arrives"), (one.source, one.target), (one.target, one.source), _side(one), strict=True
        ):
            if name in BOXES and side in {"left", "right"}:
                ends[name, side].append((_order(name, other, end), end, one))
    ports = {}
    for (name, side), found in ends.items():
        box = BOXES[name]
        for place, (_, end, one) in enumerate(sorted(found), 1):
            y = box.top + box.height * place / (len(found) + 1)
            ports[end, one] = Point(box.left if side == "left" else box.right, y)
    return ports


def _order(name: str, other: str, end: str) -> tuple[float, ...]:
    """Returns the sort key of an arrow's end on one side of the box `name`, from the top down.

    On a side of a box, the ends come in this order from the top: arcs arriving from boxes in the same column, then
    arrows to and from other columns, then arcs leaving for boxes in the same column. Of several arcs that leave a side
    of a box, or that arrive there, the shortest is attached farthest from the middle of the side.
    """
    here, there = BOXES[name], BOXES[other]
    if here.left != there.left:
        return (1, there.top)
    return (0, -there.top) if end == "arrives" else (2, -there.top)


def _curve(one: Arrow, ports: Mapping[tuple[str, Arrow], Point]) -> tuple[str, str, Point]:
    """Returns the SVG path of an arrow, the corners of its arrowhead, and the point where its number is drawn."""
    leaving, arriving = _side(one)
    head = 4 + _thickness(one)
    if leaving == "bottom":
        box = BOXES[one.source]
        into = BOXES.get(one.target)
        x = WIDTH - 170 if one.source == "cli" and not into else (into or box).middle
        start, end = Point(x, box.bottom), Point(x, into.top if into else FRAME)
        base = end.moved(0, -head)
        tip = f"{end} {base.moved(-head * 0.6)} {base.moved(head * 0.6)}"
        return f"M{start} L{base}", tip, Point(x + 14 + _thickness(one) / 2, (start.y + end.y - head) / 2)
    start, end = ports["leaves", one], ports["arrives", one]
    back = -head if arriving == "left" else head
    base = end.moved(back)
    tip = f"{end} {base.moved(0, -head * 0.6)} {base.moved(0, head * 0.6)}"
    if leaving == arriving:
        reach = (24 + 0.3 * abs(end.y - start.y)) * (-1 if leaving == "left" else 1)
        return (
            f"M{start} C{start.moved(reach)} {base.moved(reach - back)} {base}",
            tip,
            Point(start.x + 0.75 * reach, (start.y + end.y) / 2),
        )
    reach = (base.x - start.x) * 0.6
    path = f"M{start} C{start.moved(reach)} {base.moved(-reach)} {base}"
    return path, tip, Point((start.x + base.x) / 2, (start.y + base.y) / 2)


if __name__ == "__main__":
    PICTURE.write_text(picture(modules()), "utf-8")

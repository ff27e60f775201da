"""The story's officials: the management group, who supports the groups, and what they prepared. All these persons and
acts are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.story.steps import Step, line, write
from ledger.messages import marked

if TYPE_CHECKING:
    from pathlib import Path

# The holders of the offices of the management group: (office, municipality, name), in the order t01, t02 and so on.
OFFICES = (
    ("regional-director", None, "Asta Hittepåberg"),
    ("regional-development-director", None, "Birger Sagolund"),
    ("municipal-director", "arboga", "Cilla Fabelqvist"),
    ("municipal-director", "fagersta", "Dag Låtsasberg"),
    ("municipal-director", "hallstahammar", "Edit Påhitt"),
    ("municipal-director", "koping", "Folke Exempelström"),
    ("municipal-director", "kungsor", "Gull Sagolund"),
    ("municipal-director", "norberg", "Helge Fabelqvist"),
    ("municipal-director", "sala", "Inga Låtsasberg"),
    ("municipal-director", "skinnskatteberg", "Jon Påhitt"),
    ("municipal-director", "surahammar", "Karin Exempelström"),
    ("municipal-director", "vasteras", "Lage Hittepåberg"),
    ("county-director", None, "Märta Sagolund"),
)


def management_group(folder: Path) -> None:
    """Writes the officials of the management group with their names and offices."""
    lines = []
    for place, (office, party, name) in enumerate(OFFICES, 1):
        whose = {"party": party} if party else {}
        lines.append(line("person-registered", "2023-03-01", "secretariat", person=f"t{place:02}", name=name))
        lines.append(line("office-taken", "2023-03-01", "official", person=f"t{place:02}", office=office, **whose))
    write(folder / "officials.jsonl", lines)


def support(folder: Path) -> None:
    """Writes the officials who support the groups, two proposals, a theme day, and an office that falls vacant.

    Two groups have an official from both sides, and one group has an official of the Region only.
    """
    lines = [line("person-registered", "2024-02-02", "secretariat", person=person, name=name)
             for person, name in (("t14", "Nore Fabelqvist"), ("t15", "Olga Påhitt"))]  # fmt: skip
    lines += [
        line("group-officer-assigned", "2024-02-02", "official", group="kultur", person="t14", employer="region"),
        line("group-officer-assigned", "2024-02-02", "official", group="kultur", person="t15", employer="sala"),
        line("group-officer-assigned", "2024-04-05", "official", group="vard", person="t14", employer="region"),
        line("group-officer-assigned", "2024-04-05", "official", group="vard", person="t15", employer="sala"),
        line("group-officer-assigned", "2024-04-05", "official", group="trafik", person="t14", employer="region"),
        line("proposal-prepared", "2024-01-12", "management-group", meeting="srb-2024-1", item=1),
        line("proposal-prepared", "2024-08-09", "management-group", meeting="srb-2024-4", item=1),
        line("activity-held", "2024-10-02", "official", kind="theme-day", title="Nära vård i hela länet", place="Sala",
             organisers=["region", "sala"]),
        line("office-left", "2025-02-01", "official", person="t08", office="municipal-director", party="norberg"),
    ]  # fmt: skip
    write(folder / "support.jsonl", lines)


FILES = ("officials.jsonl", "support.jsonl")
MANAGEMENT_GROUP = (
    Step("2023-03-06",
         marked("The officials: thirteen offices make the management group that prepares the body's proposals."),
         "liggare import officials.jsonl | head -n 4", first=management_group),
)  # fmt: skip
SUPPORT = (
    Step("2025-02-10",
         marked("The officials behind the groups, what was prepared, a theme day; and a director has left."),
         "liggare import support.jsonl", first=support),
    Step("2025-02-10", marked("Which office is vacant, and who supports the groups?"), "liggare officials"),
    Step("2025-02-10", marked("What else was held together?"), "liggare activities"),
)  # fmt: skip

"""The story's two years of meetings, groups and reports. The dates, persons and matters are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.story import officials
from cli.story.steps import Step, line, write
from ledger.messages import marked

if TYPE_CHECKING:
    from pathlib import Path

CHAIR, SECOND = "p21", "p19"
PRESENT = [f"p{place:02}" for place in (*range(1, 7), *range(8, 22), 28)]
TOPICS = {
    "srb-2024-1": ("regional-development-strategy", "Regional utvecklingsstrategi"),
    "srb-2024-2": ("transport-infrastructure-plan", "Regional transportinfrastrukturplan"),
    "srb-2024-4": ("culture-plan", "Regional kulturplan"),
    "srb-2024-5": ("local-care", "Nära vård"),
    "srb-2024-6": ("eu-matters", "Gemensamma EU-frågor"),
    "srb-2025-1": ("public-transport-programme", "Trafikförsörjningsprogram"),
}
# Meeting → the days on which its notice was sent, it met, and its minutes were signed, adjusted and sent to all.
HELD_2024 = {
    "srb-2024-1": ("2024-01-15", "2024-02-02", "2024-02-08", "2024-02-14", "2024-02-16"),
    "srb-2024-2": ("2024-03-11", "2024-04-05", "2024-04-10", "2024-04-15", "2024-04-17"),
    "srb-2024-4": ("2024-08-12", "2024-09-06", "2024-09-10", "2024-09-16", "2024-09-18"),
    "srb-2024-5": ("2024-09-23", "2024-10-18", "2024-10-23", "2024-10-28", "2024-10-30"),
    "srb-2024-6": ("2024-11-11", "2024-12-06", "2024-12-11", "2024-12-16", "2024-12-18"),
}
PARTIES = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region"]  # fmt: skip


def _agenda(meeting: str) -> list[dict[str, Any]]:
    topic, title = TOPICS[meeting]
    return [
        {"number": 1, "title": title, "kind": "recommendation", "topic": topic, "concerns": ["Kollektivtrafikrådet"]}
        if topic == "public-transport-programme"
        else {"number": 1, "title": title, "kind": "recommendation", "topic": topic},
        {"number": 2, "title": "Omvärldsbevakning", "kind": "information"},
    ]


def _called(meeting: str, sent: str, meets_on: str, **fields: Any) -> str:
    return line("meeting-called", sent, "chair", meeting=meeting, meets_on=meets_on, place="Regionhuset, Västerås",
                called_by=CHAIR, agenda=_agenda(meeting), **fields)  # fmt: skip


def _held(meeting: str, on: str, **fields: Any) -> str:
    given = {"chaired_by": CHAIR, "adjuster": "p13", "present": PRESENT} | fields
    return line("meeting-held", on, "body", meeting=meeting, **given)


def diary(folder: Path) -> None:
    """Writes the meetings of 2024, except for the acts that the story records one by one."""
    lines = []
    for meeting, (sent, day, signed, adjusted, dispatched) in HELD_2024.items():
        requests = {"requests": ["b1"]} if meeting == "srb-2024-4" else {}
        lines += [
            _called(meeting, sent, day, **requests),
            _held(meeting, day),
            line("minutes-signed", signed, "chair", meeting=meeting, by=CHAIR),
            line("minutes-adjusted", adjusted, "official", meeting=meeting, by="p13"),
            line("minutes-dispatched", dispatched, "secretariat", meeting=meeting, to=PARTIES),
        ]
    lines.append(line("meeting-requested", "2024-06-10", "body", request="b1", matter="Kulturplanen före hösten",
                      by=[f"p{place:02}" for place in range(1, 7)] + ["p08", "p09", "p10"]))  # fmt: skip
    made = {"consensus": True, "addressees": PARTIES}
    lines += [
        line("recommendation-made", "2024-02-02", "body", recommendation="r1", meeting="srb-2024-1", item=1,
             text="Strategin antas", **made),
        line("recommendation-made", "2024-09-06", "body", recommendation="r2", meeting="srb-2024-4", item=1,
             text="Kulturplanen antas", consensus=False, dissent=["p04"], addressees=["region", "sala", "vasteras"]),
    ]  # fmt: skip
    lines += [line("recommendation-answered", "2024-05-27", "assembly", recommendation="r1", party=party,
                   answer="accepted") for party in ("sala", "vasteras", "region")]  # fmt: skip
    write(folder / "diary-2024.jsonl", lines)


def groups(folder: Path) -> None:
    """Writes three groups, set up at the first meetings, and their reports: in time, late and missing."""
    terms = {"composition": "En ledamot per kommun", "working_forms": "Möten varje kvartal"}
    lines = [
        line("group-created", "2024-02-02", "body", group="kultur", name="Kultur och fritid", kind="standing",
             meeting="srb-2024-1", assignment="Bereda kulturplanen", **terms),
        line("group-created", "2024-04-05", "body", group="trafik", name="Kollektivtrafik", kind="standing",
             meeting="srb-2024-2", assignment="Bereda trafikförsörjningsprogrammet", **terms),
        line("group-created", "2024-04-05", "body", group="vard", name="Nära vård", kind="temporary",
             meeting="srb-2024-2", assignment="Bereda omställningen", **terms),
    ]  # fmt: skip
    for group, persons in {"kultur": ("p01", "p13"), "trafik": ("p17", "p20"), "vard": ("p05", "p16")}.items():
        start = "2024-02-02" if group == "kultur" else "2024-04-05"
        sits_for = {"p01": "arboga", "p13": "sala", "p17": "surahammar", "p20": "vasteras", "p05": "hallstahammar",
                    "p16": "skinnskatteberg"}  # fmt: skip
        lines += [line("group-member-appointed", start, "executive-board", group=group, person=one,
                       party=sits_for[one]) for one in persons]  # fmt: skip
    lines += [
        line("group-reported", "2024-06-20", "group", group="kultur", half_year="2024H1", summary="Remissen är klar"),
        line("group-reported", "2024-12-12", "group", group="kultur", half_year="2024H2", summary="Planen är antagen"),
        line("group-reported", "2025-01-20", "group", group="trafik", half_year="2024H2", summary="Utkastet är klart"),
        line("group-recommended", "2024-11-20", "group", group="trafik", recommendation="g1",
             text="Gemensam biljett i länet", addressees=["body"]),
    ]  # fmt: skip
    write(folder / "groups.jsonl", lines)


def spring(folder: Path) -> None:
    """Writes the meetings of 2025: one moved, one cancelled, and one with a vice chair presiding and an adjuster
    falling ill.
    """
    lines = [
        _called("srb-2025-1", "2025-01-13", "2025-02-07"),
        line("meeting-moved", "2025-01-24", "chair", meeting="srb-2025-1", meets_on="2025-02-14", reason="snöoväder"),
        _held("srb-2025-1", "2025-02-14", chaired_by=SECOND, remote=["p02"]),
        line("minutes-duty-moved", "2025-02-18", "chair", meeting="srb-2025-1", duty="adjustment", to="p01",
             reason="justeraren är sjuk"),
        line("minutes-signed", "2025-02-19", "chair", meeting="srb-2025-1", by=SECOND),
        line("minutes-adjusted", "2025-02-24", "official", meeting="srb-2025-1", by="p01"),
        line("minutes-dispatched", "2025-02-26", "secretariat", meeting="srb-2025-1", to=PARTIES[:-1]),
        line("meeting-called", "2025-03-10", "chair", meeting="srb-2025-2", meets_on="2025-04-04", called_by=CHAIR,
             place="Köping", agenda=[{"number": 1, "title": "Läget", "kind": "information"}]),
        line("meeting-cancelled", "2025-03-31", "chair", meeting="srb-2025-2", reason="för få ärenden"),
        line("recommendation-made", "2025-02-14", "body", recommendation="r3", meeting="srb-2025-1", item=1,
             text="Programmet antas", consensus=True, addressees=["region"]),
    ]  # fmt: skip
    write(folder / "spring-2025.jsonl", lines)


FILES = ("diary-2024.jsonl", "groups.jsonl", "spring-2025.jsonl")
CHAPTER = (
    Step("2024-06-03",
         marked("Notice of a meeting on 5 June was sent on 26 May, ten days before: recorded, and flagged."),
         "liggare record meeting-called --meeting srb-2024-3 --meets-on 2024-06-05 --place Sala --called-by p21 "
         "--agenda '{\"number\": 1, \"title\": \"Budget\", \"kind\": \"information\"}' --on 2024-05-26 --organ chair"),
    Step("2024-06-10", marked("It was held all the same."),
         "liggare record meeting-held --meeting srb-2024-3 --chaired-by p21 --adjuster p13 --present p21 --present p13 "
         "--present p01 --on 2024-06-05 --organ body"),
    Step("2025-01-07", marked("The rest of 2024's diary, in a file; in it nine of 27 request a meeting, and get it."),
         "liggare import diary-2024.jsonl", first=diary),
    Step("2025-02-03",
         marked("Three collaboration groups and their reports."), "liggare import groups.jsonl", first=groups),
    Step("2025-02-03", marked("The year at a glance: what is not signed, not adjusted, not sent, not answered."),
         "liggare meetings --year 2024"),
    Step("2025-02-03",
         marked("The reports for the autumn: one in time, one late, one missing."), "liggare reports 2024H2"),
    *officials.SUPPORT,
    Step("2025-04-07", marked("The spring of 2025: a meeting moved, one cancelled; the adjuster fell ill."),
         "liggare import spring-2025.jsonl", first=spring),
    Step("2025-04-07", marked("Minutes signed by someone without the duty: refused."),
         "liggare record minutes-signed --meeting srb-2024-3 --by p19 --on 2025-04-03 --organ chair", code=1),
    Step("2025-04-07", marked("What was learnt between February and now? In words, with the entries."),
         "liggare diff --known-at @163..@173 --on 2025-04-07"),
    Step("2025-04-07", marked("What is not as the agreement says today?"), "liggare findings", code=1),
)  # fmt: skip

"""The JSON Schema of the answer to each question, derived from the answers' types. No question is asked here."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, structs

from presentation.json_documents import (
    ActDocument,
    DeadlineDocument,
    FindingDocument,
    SectionDocument,
    StepDocument,
)
from projections.account import Account
from projections.activities import Activities
from projections.agreement import Agreement
from projections.attendance import Attendance
from projections.costs import Costs, Difference
from projections.council import Council
from projections.deadlines import Deadlines
from projections.diff import Diff
from projections.explain import Explanation
from projections.findings import Findings
from projections.groups import Groups
from projections.history import History
from projections.meetings import Meetings
from projections.officials import Officials
from projections.projects import Projects
from projections.reports import Reports
from projections.settlement import Settlement

DRAFT = "https://json-schema.org/draft/2020-12/schema"

# Each question maps to the type of its answer, and to the fields whose type in JSON differs from the answer's.
QUESTIONS: dict[str, tuple[type[Struct], dict[str, Any]]] = {
    "agreement": (Agreement, {}),
    "council": (Council, {}),
    "meetings": (Meetings, {}),
    "groups": (Groups, {}),
    "reports": (Reports, {}),
    "costs": (Costs, {}),
    "settlement": (Settlement, {}),
    "officials": (Officials, {}),
    "activities": (Activities, {}),
    "attendance": (Attendance, {}),
    "projects": (Projects, {}),
    "findings": (Findings, {"findings": tuple[FindingDocument, ...]}),
    "explain": (
        Explanation,
        {
            "says": str | None,
            "enforced": str | None,
            "steps": tuple[StepDocument, ...],
            "findings": tuple[FindingDocument, ...],
        },
    ),
    "deadlines": (Deadlines, {"deadlines": tuple[DeadlineDocument, ...]}),
    "history": (History, {}),
    "diff": (Diff, {"sections": tuple[SectionDocument, ...]}),
    "replay": (ActDocument, {}),  # the type of each line
}
# The fields that an answer may have besides the fields of its type: with --reading, and for `costs` with --party.
BESIDE: dict[str, dict[str, Any]] = {"costs": {"statement": Account, "difference": Difference}}
ASSUMED = {"assumed": dict[str, str]}


def schema(question: str) -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the JSON answer to a question in QUESTIONS.

    Further fields are allowed, since later versions may add some. Amounts are whole öre, and days are ISO dates.
    """
    answer, replaced = QUESTIONS[question]
    return {"$schema": DRAFT, "title": question, **_schema(answer, replaced, question)}


def _schema(answer: type[Struct], replaced: dict[str, Any], question: str) -> dict[str, Any]:
    required = [
        (one.name, replaced.get(one.name, one.type)) if _is_always_there(answer, one) else
        (one.name, replaced.get(one.name, one.type), one.default)
        for one in structs.fields(answer)
    ]  # fmt: skip
    optional = [(name, of, None) for name, of in {**BESIDE.get(question, {}), **ASSUMED}.items()]
    named = msgspec.defstruct(
        answer.__name__, [*required, *optional], kw_only=True, namespace={"__doc__": answer.__doc__}
    )
    found: dict[str, Any] = msgspec.json.schema(named)
    for name, _, _ in optional:
        found["$defs"][answer.__name__]["properties"][name].pop("default", None)
    for part in found["$defs"].values():
        part["description"] = cleandoc(part["description"])
    return found


def _is_always_there(answer: type[Struct], field: structs.FieldInfo) -> bool:
    """Returns whether JSON always has a field: only structs made with omit_defaults leave a field out."""
    has_default = field.default is not NODEFAULT or field.default_factory is not NODEFAULT
    return not (has_default and answer.__struct_config__.omit_defaults)

"""What a template for Word is given: the values that it may name, of a notice and of minutes, and the labels.

Each value is a text in the paper's language, in which what is missing is said, or a tuple of what has values of its
own. A text that does not apply is "".
"""

from __future__ import annotations

from msgspec import Struct

from ledger.messages import filled, marked
from papers.paper import Signature
from presentation.blocks import Words

# A template is a Word file with tags of Jinja in its text: `{{ title }}` is a value, and `{%p for one in items %}` and
# `{%tr for row in present %}` repeat paragraphs and rows of a table. Besides the values of its own kind every template
# has `labels`, those of LABELS in the paper's language, as in `{{ labels.agenda }}`; `sender`, whose paper it is;
# `agreement`, the agreement's title or ""; and `foot`, two lines by which the paper is made again.

Said = str | Words

LABELS = {  # name → text, of headings and of columns
    "absent": marked("Absent"),
    "addressees": marked("Addressees"),
    "agenda": marked("Agenda"),
    "background": marked("Background"),
    "concerns": marked("Concerns"),
    "decision": marked("Decision"),
    "digest": marked("Digest (SHA-256)"),
    "distribution": marked("Distribution list"),
    "documents": marked("Documents"),
    "documents_sent": marked("Documents sent with the notice"),
    "experts": marked("Experts"),
    "field": marked("Field of expertise"),
    "in_the_ledger": marked("In the ledger"),
    "item": marked("Item"),
    "kind": marked("Kind"),
    "missing": marked("Not on record"),
    "paragraphs": marked("Paragraphs"),
    "what": marked("Fact"),
    "name": marked("Name"),
    "others": marked("Others present"),
    "outcome": marked("Outcome"),
    "page": marked("Page"),
    "page_of": marked("of"),
    "party": marked("Party"),
    "political_party": marked("Political party"),
    "present": marked("Present"),
    "proposals": marked("Proposals"),
    "recipient": marked("Recipient"),
    "recommendation": marked("Recommendation"),
    "recused": marked("Recused"),
    "remarks": marked("Remarks"),
    "reservations": marked("Reservations"),
    "sent": marked("Sent"),
    "signatures": marked("Signatures"),
    "title": marked("Title"),
    "vote": marked("Vote"),
}


def labels() -> dict[str, str]:
    """Returns the labels in the current language."""
    return {name: filled(label, {}) for name, label in LABELS.items()}


class Shared(Struct, frozen=True):
    """What every template is given besides the values of its own kind: `labels`, those of LABELS by their names;
    `sender`, whose paper it is; `agreement`, the agreement's title; and `foot`, two lines by which it is made again.

    A template is a Word file with tags of Jinja in its text: `{{ title }}` and `{{ labels.agenda }}` are values, and
    `{%p for one in items %}` and `{%tr for row in present %}` repeat paragraphs and rows of a table.
    """

    labels: dict[str, str]
    sender: str
    agreement: str
    foot: tuple[str, str]


class Fact(Struct, frozen=True):
    """A line of the table under the title."""

    label: str
    text: Said


class DocumentRow(Struct, frozen=True):
    """A document: its title, and its digest in hex."""

    title: str
    digest: Said


class AgendaRow(Struct, frozen=True):
    """An item on an agenda."""

    number: Said
    title: Said
    kind: Said
    concerns: Said


class CalledRow(Struct, frozen=True):
    """Who is called to a meeting: a member with the party, or an expert."""

    name: Said
    party: Said


class NoticeContext(Struct, frozen=True, kw_only=True):
    """What the template of a notice is given. `remarks` are sentences to be read first, such as that it is too late,
    and `doubts` are sentences on what is not certain. `no_documents` stands for documents where there are none, else it
    is "", and `called_as` is the heading above those who are, or had been, called.
    """

    title: str
    facts: tuple[Fact, ...]
    remarks: tuple[Said, ...]
    agenda: tuple[AgendaRow, ...]
    documents: tuple[DocumentRow, ...]
    no_documents: Said
    called_as: str
    called: tuple[CalledRow, ...]
    doubts: tuple[Said, ...]


class MemberRow(Struct, frozen=True):
    """A member who was present or absent; `remarks` tells who chaired, who adjusts and who took part remotely."""

    name: str
    party: Said
    political_party: str
    remarks: str


class ExpertRow(Struct, frozen=True):
    """An expert who was present, and the field of the co-option."""

    name: str
    field: Said


class SpokenRow(Struct, frozen=True):
    """What a person proposed, or the wording of a reservation."""

    by: str
    text: Said


class RecommendationContext(Struct, frozen=True, kw_only=True):
    """A recommendation. `agreed` says whether it had consensus, else who dissented, `quashed` that a court quashed it,
    and `recused` is "" where those who left are those who left for the item.
    """

    id: str
    text: str
    agreed: Said
    addressees: str
    recused: str
    quashed: Said


class ItemContext(Struct, frozen=True, kw_only=True):
    """A § of the minutes. What is not recorded is "" here, and told for all items at the end of the minutes; `none` are
    sentences on what is recorded as nothing, such as that nobody left. Where a recommendation is the decision,
    `decision` is "". `about` is the item's number, kind and registration number; `quashed` tells that a court quashed
    the decision, and `adjusted` that the item was adjusted at once.
    """

    paragraph: str
    title: Said
    about: str
    concerns: str
    background: str
    proposals: tuple[SpokenRow, ...]
    vote: str
    decision: Said
    outcome: Said
    quashed: Said
    recused: str
    reservations: tuple[SpokenRow, ...]
    recommendations: tuple[RecommendationContext, ...]
    documents: tuple[DocumentRow, ...]
    none: tuple[str, ...]
    adjusted: str


class MissingRow(Struct, frozen=True):
    """What is not on record, and the §§ of which it is not."""

    what: str
    paragraphs: str


class RecipientRow(Struct, frozen=True):
    """A recipient of the minutes, and the day on which they were sent there."""

    name: str
    sent: Said


class MinutesContext(Struct, frozen=True, kw_only=True):
    """What the template of minutes is given.

    `remarks`, `doubts` and `facts` are those of a notice. `missing` are facts that are not on record of the items.
    `remote` is the sentence on who took part remotely. Each of `no_absent`, `no_experts`, `no_others`,
    `no_documents` and `no_recipients` is the sentence that stands for rows of which there are none, and otherwise
    "". `signatures` have `what`, `name` and `day`. `signed_elsewhere` is a file that came back signed, if any.
    `recorded` says who signed and recorded the meeting's holding. `checkpoint` has lines to be kept as they are,
    and `checkpoint_is` says what it is, or that there is none.
    """

    title: str
    facts: tuple[Fact, ...]
    remarks: tuple[Said, ...]
    present: tuple[MemberRow, ...]
    remote: Said
    absent: tuple[MemberRow, ...]
    no_absent: Said
    experts: tuple[ExpertRow, ...]
    no_experts: Said
    others: tuple[str, ...]
    no_others: Said
    items: tuple[ItemContext, ...]
    missing: tuple[MissingRow, ...]
    documents: tuple[DocumentRow, ...]
    no_documents: Said
    recipients: tuple[RecipientRow, ...]
    no_recipients: Said
    signatures: tuple[Signature, ...]
    signed_elsewhere: tuple[DocumentRow, ...]
    recorded: str
    checkpoint: str
    checkpoint_is: Said
    doubts: tuple[Said, ...]

"""English as papers write it: parties by name, and the words of closed sets without the hyphens that ids have."""

from __future__ import annotations

import re
from gettext import NullTranslations

FORMS = {  # name of a value in a message → the form in which a paper shows it, as `ledger.messages.Shown` has them
    "addressees": "party",
    "answer": "answer",
    "awaited": "party",
    "bloc": "bloc",
    "decided": "party",
    "duty": "duty",
    "employer": "party",
    "half_year": "halfyear",
    "kind": "kind",
    "missing": "party",
    "office": "office",
    "organ": "organ",
    "organisers": "party",
    "outcome": "outcome",
    "parties": "party",
    "party": "party",
    "post": "post",
    "provision": "provision",
    "purpose": "purpose",
    "recipient": "party",
    "recipients": "party",
    "region": "party",
    "seat": "seat",
    "seats": "seat",
    "side": "bloc",
    "topic": "topic",
    "topics": "topic",
}
APART: dict[str, dict[str, str]] = {  # message → the forms of its values, where a name means another thing elsewhere
    "version {version} is stopped: {against} rejected it; {count} of {of} have adopted it": {"against": "party"},
    "renames {party} to {name}, as {other} is called": {"party": "party", "other": "party"},
    "{group} was set up without {missing}": {},
    "{who}, a registrar of {by}, recorded an act of {party}": {"by": "party", "party": "party"},
    "{party} paid fees of {amount:kr} to members of {other}, which pays its own": {"party": "party", "other": "party"},
}
WORDS = {  # word of a closed set → what stands for it, where it is more than the word without its hyphens
    "eu-matters": "EU matters",
    "no-indexation-2024-2025": "no indexation 2024–2025",
    "regions-part": "the Region's part",
}
_VALUE = re.compile(r"\{(\w+)\}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class PaperEnglish(NullTranslations):
    """The texts of a paper in English. Its messages are those of the code, which the terminal shows with ids."""

    def gettext(self, message: str) -> str:
        """Returns a message in which the values that are parties or words of closed sets have their forms."""
        forms = APART.get(message, FORMS)
        return _VALUE.sub(lambda value: f"{{{value[1]}:{forms[value[1]]}}}" if value[1] in forms else value[0], message)

    def pgettext(self, context: str, message: str) -> str:
        """Returns a word of a closed set as English writes it, such as `referred back`; any other text unchanged."""
        del context
        return WORDS.get(message) or (message.replace("-", " ") if _ID.fullmatch(message) else message)


PAPER_ENGLISH = PaperEnglish()

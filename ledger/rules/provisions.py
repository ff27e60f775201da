"""Every provision by name, in our words, and the one that is ours: an entry names what is there. Data only."""

from __future__ import annotations

from ledger.rules.provision import Provision
from ledger.rules.provisions_body import BODY
from ledger.rules.provisions_economy import ECONOMY
from ledger.rules.provisions_working import WORKING

REFERENCE = Provision(
    says="No provision of the agreement: an entry names only what is in the ledger, and a new id is new.",
    enforced="What names something else is refused.",
)
PROVISIONS: dict[str, Provision] = {**BODY, **WORKING, **ECONOMY, "reference": REFERENCE}

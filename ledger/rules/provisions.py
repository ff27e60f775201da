"""Every provision by name, in our words, those of the agreement and those that are the ledger's own. Data only."""

from __future__ import annotations

from ledger.rules.provision import Provision
from ledger.rules.provisions_body import BODY
from ledger.rules.provisions_economy import ECONOMY
from ledger.rules.provisions_working import WORKING

OURS: dict[str, Provision] = {  # what no agreement states: their findings are of no section
    "reference": Provision(
        says="No provision of the agreement: an entry names only what is in the ledger, and a new id is new.",
        enforced="What names something else is refused.",
    ),
    "plausible": Provision(
        says="No provision of the agreement: what is recorded looks as if it was meant so.",
        enforced="What looks otherwise is recorded, and flagged as what nobody can tell but who recorded it.",
    ),
    "duplicate": Provision(
        says="No provision of the agreement: an act is recorded once.",
        enforced="What looks like an act that is recorded already is recorded, and flagged as what nobody can tell.",
    ),
}
PROVISIONS: dict[str, Provision] = {**BODY, **WORKING, **ECONOMY, **OURS}

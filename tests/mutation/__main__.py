"""`python -m tests.mutation [MODULE …]` makes small changes to a copy of the program, one at a time, and runs the tests
that should notice each. The exit code is 1 if a change goes unnoticed and `unnoticed.txt` does not explain it.
`--only N` limits the changes to N per module, chosen by `--seed`; `--seconds N` limits the time.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.trial import ROOT, Trial

if TYPE_CHECKING:
    from collections.abc import Sequence

COPIED = (
    "ledger",
    "projections",
    "presentation",
    "recording",
    "cli",
    "tests",
    "bench",
    "docs",
    "pyproject.toml",
    "README.md",
    "Makefile",
)
MODEL_OF_MONEY = "tests/models/test_money.py"
OF_ACCOUNTS = (
    "tests/domain/test_dues.py",
    "tests/domain/test_dues_of_a_claim.py",
    "tests/domain/test_payments.py",
    "tests/domain/test_deadlines_economy.py",
    "tests/domain/test_settlement.py",
    "tests/domain/test_loose_payments.py",
    MODEL_OF_MONEY,
)
SIGNING = (
    "tests/proof/test_look.py",
    "tests/proof/test_signer.py",
    "tests/proof/test_signing.py",
    "tests/proof/test_rotation.py",
    "tests/proof/test_while_signing.py",
    "tests/proof/test_followers.py",
    "tests/proof/test_given_up.py",
    "tests/proof/test_signers_record.py",
    "tests/proof/test_index_and_log.py",
    "tests/proof/test_restored.py",
    "tests/proof/test_restored_often.py",
    "tests/cli/test_checkpoint.py",
    "tests/proof/test_crowded.py",
    "tests/proof/test_trust_document.py",
)
OF_A_LOG = (
    "tests/proof/test_checkpoints.py",
    "tests/proof/test_false_tile.py",
    "tests/proof/test_index_and_log.py",
    "tests/cli/test_checkpoint.py",
    "tests/proof/test_signers_record.py",
    "tests/proof/test_succession.py",
    "tests/proof/test_attacks.py",
    "tests/proof/test_restored.py",
)
UNNOTICED = Path(__file__).with_name("unnoticed.txt")
TESTS = {  # module → the tests that should notice a change to the module, the fastest tests first
    "ledger/proof/tree.py": ("tests/proof/test_tree.py",),
    "ledger/proof/tiles.py": ("tests/proof/test_tiles.py",),
    "ledger/proof/note.py": ("tests/proof/test_note.py",),
    "ledger/proof/checkpoint.py": ("tests/proof/test_note.py",),
    "ledger/proof/receipt.py": ("tests/proof/test_receipt.py", "tests/proof/test_note.py"),
    "ledger/proof/loss.py": ("tests/proof/test_loss.py", "tests/proof/test_keyfile.py"),
    "ledger/proof/succession.py": ("tests/proof/test_succession.py",),
    "ledger/integrity/checkpoints.py": OF_A_LOG,
    "ledger/integrity/keys.py": OF_A_LOG,
    "ledger/integrity/index.py": OF_A_LOG,
    "ledger/integrity/shown.py": OF_A_LOG,
    "ledger/integrity/keyfile.py": (
        "tests/proof/test_keyfile.py",
        "tests/proof/test_key_put_away.py",
        "tests/proof/test_look.py",
        "tests/proof/test_followers.py",
        "tests/proof/test_given_up.py",
        "tests/proof/test_signer.py",
        "tests/proof/test_signers_record.py",
    ),
    "ledger/integrity/locking.py": ("tests/proof/test_keyfile.py", "tests/proof/test_signer.py"),
    "ledger/integrity/restore.py": (
        "tests/proof/test_restore.py",
        "tests/proof/test_restored.py",
        "tests/proof/test_restored_often.py",
        "tests/proof/test_index_and_log.py",
    ),
    "ledger/integrity/rotation.py": (
        "tests/proof/test_rotation.py",
        "tests/proof/test_followers.py",
        "tests/proof/test_signers_record.py",
        "tests/cli/test_checkpoint.py",
        "tests/proof/test_restored.py",
        "tests/proof/test_restored_often.py",
    ),
    "ledger/integrity/signing.py": SIGNING,
    "ledger/integrity/comparing.py": SIGNING,
    "ledger/integrity/export/verify_ledger.py": (
        "tests/export/test_verify_ledger_parts.py",
        "tests/export/test_verify_ledger_signers.py",
        "tests/export/test_verify_ledger_files.py",
        "tests/export/test_verify_ledger.py",
        "tests/export/test_ed25519.py",
        "tests/export/test_agreement.py",
    ),
    "ledger/store/building.py": ("tests/store/test_building.py", "tests/store/test_files.py"),
    "ledger/state/costs/apportion.py": ("tests/domain/test_shares.py",),
    "ledger/state/costs/levels.py": (
        "tests/domain/test_levels.py",
        "tests/domain/test_deadlines_economy.py",
        MODEL_OF_MONEY,
    ),
    "ledger/state/costs/shares.py": ("tests/domain/test_shares.py", "tests/domain/test_claims.py", MODEL_OF_MONEY),
    "ledger/state/costs/claims.py": ("tests/domain/test_claims.py", "tests/domain/test_payments.py", MODEL_OF_MONEY),
    "ledger/state/costs/payments.py": (
        "tests/domain/test_payments.py",
        "tests/domain/test_payments_meant.py",
        "tests/domain/test_deadlines_economy.py",
        MODEL_OF_MONEY,
    ),
    "ledger/state/costs/dues.py": (
        "tests/domain/test_dues.py",
        "tests/domain/test_dues_of_a_claim.py",
        "tests/domain/test_payments.py",
        "tests/domain/test_deadlines_economy.py",
        "tests/domain/test_settlement.py",
        MODEL_OF_MONEY,
    ),
    "ledger/state/costs/accounts.py": OF_ACCOUNTS,
    "ledger/state/costs/replaying.py": OF_ACCOUNTS,
    "ledger/state/costs/trace.py": OF_ACCOUNTS,
    "ledger/state/settlement.py": (
        "tests/domain/test_settlement.py",
        "tests/domain/test_settlement_agreed.py",
        MODEL_OF_MONEY,
    ),
    "ledger/rules/costs/payments.py": ("tests/domain/test_payments_meant.py",),
    "ledger/skim.py": ("tests/domain/test_skim.py",),
    "ledger/integrity/ranges.py": (
        "tests/proof/test_stretch.py",
        "tests/proof/test_attacks.py",
        "tests/proof/test_attacks_beside.py",
        "tests/hostile/test_told.py",
    ),
    "ledger/integrity/verify.py": (
        "tests/proof/test_verify.py",
        "tests/proof/test_signing.py",
        "tests/proof/test_attacks.py",
        "tests/proof/test_attacks_beside.py",
        "tests/proof/test_signers_record.py",
        "tests/hostile/test_told.py",
    ),
}
PRELOADED = (
    "hypothesis", "sqlalchemy.dialects.sqlite", "eventsourcing.dcb.popo", "msgspec", "orjson", "click", "rich.console",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    known = explained()
    found: Counter[str] = Counter()
    until = time.monotonic() + asked.seconds
    with TemporaryDirectory(prefix="liggare-mutants-") as folder:
        place = _copied(Path(folder).resolve() / "copy")
        _preload()
        for module in asked.modules or TESTS:
            every = list(mutants((ROOT / module).read_text("utf-8")))
            some = every if asked.only is None else Random(asked.seed).sample(every, min(asked.only, len(every)))
            unexplained = [one for one in some if (module, one.name) not in known]
            found += _tried(place, module, unexplained, until) + Counter(explained=len(some) - len(unexplained))
    print(f"{found['tried']} changes, {found['noticed']} noticed, {found['explained']} explained, "
          f"{found['unnoticed']} unnoticed and unexplained, {found['left']} not tried in time")  # fmt: skip
    return 1 if found["unnoticed"] else 0


def _tried(place: Path, module: str, some: list[Mutant], until: float) -> Counter[str]:
    found: Counter[str] = Counter()
    began = time.monotonic()
    for mutant, noticed in Trial(place, module, TESTS[module], some, until).verdicts():
        found.update(tried=1, noticed=int(noticed), unnoticed=int(not noticed))
        if not noticed:
            print(f"unnoticed | {module} | {mutant.name}", flush=True)
    found["left"] = len(some) - found["tried"]
    print(f"{module}: {found['tried']} changes in {time.monotonic() - began:.0f} s", flush=True)
    return found


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", choices=[[], *TESTS])
    parser.add_argument("--only", type=int, metavar="N")
    parser.add_argument("--seed", default="6962")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    return parser.parse_args(arguments)


def explained() -> set[tuple[str, str]]:
    """Returns the changes that no test needs to notice, as (module, name), from lines `MODULE | NAME | why`."""
    lines = UNNOTICED.read_text("utf-8").splitlines()
    parted = (line.partition(" | ") for line in lines if not line.startswith("#"))
    # The name is split off at the last separator, because a mutant's name may itself contain the separator.
    return {(module, rest.rpartition(" | ")[0]) for module, _, rest in parted}


def _copied(place: Path) -> Path:
    place.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name)
        else:
            shutil.copy2(ROOT / name, place / name)
    return place


def _preload() -> None:
    """Imports the libraries that tests use, once for all trials."""
    for name in PRELOADED:
        import_module(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

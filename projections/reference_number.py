"""The reference number (OCR number) of a claim, by which a payment that a bank reports finds its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import msg
from ledger.state.agreement import terms_on
from ledger.state.costs.claims import claims
from ledger.values import EARLIEST, LATEST, quoted

if TYPE_CHECKING:
    from datetime import date

    from ledger.timeline import Timeline

SHORTEST, LONGEST = 8, 25  # digits: a year, an instalment, a code of one digit and two more; Bankgirot takes 25


class Referred(NamedTuple):
    """What a reference number says: an instalment of a year, and the code of the party from which it is claimed."""

    year: int
    instalment: int
    code: str


def make(year: int, instalment: int, code: str) -> str:
    """Returns the reference number of an instalment, 8 to 25 digits: the year, the instalment, the party's code, a
    length digit and a check digit.

    Source: Bankgirot, "Bankgiro Inbetalningar (Bankgiro Receivables), User Manual", September 2015, 5.1.2 (hard
    control), 5.2.2 (check digit by modulus 10) and 5.2.3 (length digit, for numbers of variable length). The length
    digit is the last digit of the number of all digits, and stands before the check digit, which is that of Luhn
    (ISO/IEC 7812-1, annex B) over all digits before it. Raises ValueError for a year, an instalment or a code of which
    no such number can be made.
    """
    said = f"{year:04d}{instalment}{code}"
    said += str((len(said) + 2) % 10)
    number = said + check_digit(said) if said.isascii() and said.isdecimal() else ""
    if check(number) != Referred(year, instalment, code):
        raise ValueError(msg("no reference number can be made of the code {code}", code=quoted(code)))
    return number


def check(number: str) -> Referred | None:
    """Returns what a reference number says, the inverse of `make`, or None for a text that `make` would not return.

    Any single digit that is wrong is found out, and any two neighbours that changed places unless they are 0 and 9; so
    is any digit too many or too few.
    """
    if not (number.isascii() and number.isdecimal() and SHORTEST <= len(number) <= LONGEST):
        return None
    found = Referred(int(number[:4]), int(number[4]), number[5:-2])
    if not EARLIEST.year <= found.year <= LATEST.year or found.instalment not in {1, 2}:
        return None
    is_right = number[-2] == str(len(number) % 10) and number[-1] == check_digit(number[:-1])
    return found if is_right else None


def check_digit(digits: str) -> str:
    """Returns the check digit of the 10-modulus: every second digit from the last is doubled, the digits of the
    products are added to the others, and the check digit makes the sum a multiple of ten.
    """
    doubled = (sum(divmod(2 * int(one), 10)) for one in digits[::-2])
    return str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


def reference_of(timeline: Timeline, year: int, instalment: int, party: str, on: date) -> str | None:
    """Returns the reference number of a party's claim by the codes in the terms of the day `on`, that of the claim.

    Returns None where the number would be ambiguous or cannot be made: for a party that the terms do not have, a code
    that two parties share, and a code that is not 1 to 18 digits.
    """
    terms = terms_on(timeline, on)
    own = terms.party(party) if terms else None
    if terms is None or own is None or sum(one.code == own.code for one in terms.parties) > 1:
        return None
    try:
        return make(year, instalment, own.code)
    except ValueError:
        return None


def claim_of(timeline: Timeline, number: str) -> tuple[int, int, str] | None:
    """Returns (year, instalment, party) of the recorded claim that a reference number is of, the inverse of
    `reference_of`, or None if it is of none.
    """
    said = check(number)
    claimed = claims(timeline).get((said.year, said.instalment)) if said else None
    if said is None or claimed is None:
        return None
    parties = (
        one for one in claimed.event.amounts
        if reference_of(timeline, said.year, said.instalment, one, claimed.event.valid_on.last) == number
    )  # fmt: skip
    found = next(parties, None)
    return (said.year, said.instalment, found) if found else None

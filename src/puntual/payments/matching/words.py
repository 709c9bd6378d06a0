"""What a bank's text says: document numbers, references and names, made comparable."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from puntual.kernel.references import is_creditor_reference
from puntual.kernel.text import fold, plain_signs

MOST_RUNS = 6
"""How many runs of letters or digits a document number may have to be found in a text: F001-12345 has three."""

_TOKEN = re.compile(r"[0-9A-Z]+")
_RUN = re.compile(r"[0-9]+|[A-Z]+")
_REFERENCE = re.compile(r"RF\d\d(?:\s?[0-9A-Z]){1,21}")
_LOOKS = str.maketrans("OQDILSBZ", "00011582")
_SHORTEST_NUMBER = 4
_SHORTEST_TAIL = 4
# What tells the kind of a company or joins words, and tells two names apart no more than a comma does.
_USUAL = frozenset(
    fold(
        "SA SAC SAA SRL EIRL SpA Ltda Cia SAS SAPI CV RL SL SLU SAU SCP ME EPP EIRELI Lda Inc LLC Ltd Corp Co GmbH "
        "de del la las los el y e en da do dos das em the and grupo empresa compañía sociedad anónima limitada"
    ).split(" ")
)


class Number(NamedTuple):
    """A document number as it may be found: `full` keys name it, `mended` ones too, with look-alikes as one; `tail` ends it."""

    full: frozenset[str]
    mended: frozenset[str]
    tail: str


class Found(NamedTuple):
    """Keys of document numbers in a text; `mended` ones are read with look-alikes (O and 0, I and 1) as one."""

    full: frozenset[str]
    mended: frozenset[str]
    tails: frozenset[str]


def number_keys(number: str) -> Number:
    """The keys of a document number: F001-00012345 is found as F-1-12345, as F00100012345, and by its tail 12345.

    A number of fewer than four letters and digits has no full key, and a tail of fewer than four digits is none.
    """
    tokens = _TOKEN.findall(plain_signs(number).upper())
    runs, together = _runs(tokens), "".join(tokens)
    if len(together) < _SHORTEST_NUMBER or not any(run.isdigit() for run in runs):
        return Number(frozenset(), frozenset(), "")
    tail = runs[-1] if runs[-1].isdigit() and len(runs[-1]) >= _SHORTEST_TAIL else ""
    if len(runs) == 1:  # digits alone are all tail
        return Number(frozenset({together} if len(together) > _SHORTEST_NUMBER + 1 else ()), frozenset(), tail)
    full = frozenset({"-".join(runs), together})
    alike = [token.translate(_LOOKS) for token in tokens]
    return Number(full, frozenset({"-".join(_runs(alike)), "".join(alike)}), tail)


def find_numbers(texts: Iterable[str]) -> Found:
    """Every key of a document number that the texts may name."""
    full: set[str] = set()
    mended: set[str] = set()
    tails: set[str] = set()
    for text in texts:
        tokens = _TOKEN.findall(plain_signs(text).upper())
        alike = [token.translate(_LOOKS) for token in tokens]
        full.update(_keys(tokens))
        mended.update(_keys(alike))
        tails.update(run for run in _runs(tokens + alike) if run.isdigit() and len(run) >= _SHORTEST_TAIL)
    return Found(frozenset(full), frozenset(mended), frozenset(tails))


def _keys(tokens: list[str]) -> Iterator[str]:
    runs = _runs(tokens)
    for length in range(1, MOST_RUNS + 1):
        for start in range(len(runs) - length + 1):
            yield "-".join(runs[start : start + length])
    for length in range(1, 5):
        for start in range(len(tokens) - length + 1):
            yield "".join(tokens[start : start + length])


def _runs(tokens: Iterable[str]) -> list[str]:
    """Letters and digits apart, digits without leading zeros."""
    return [run.lstrip("0") or "0" if run.isdigit() else run for token in tokens for run in _RUN.findall(token)]


def find_references(texts: Iterable[str]) -> frozenset[str]:
    """The ISO 11649 references in the texts whose check digits agree, also where spaces or other words follow them."""
    found = set()
    for text in texts:
        for match in _REFERENCE.finditer(plain_signs(text).upper()):
            body = "".join(match.group().split())
            for length in range(len(body), 4, -1):
                if is_creditor_reference(body[:length]):
                    found.add(body[:length])
                    break
    return frozenset(found)


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> frozenset[str]:
    """The telling words of a name, folded: “Inversiones Peña S.A.C.” is inversiones, pena."""
    words = frozenset(word for word in fold(name).split() if len(word) > 1)
    return words - _USUAL or words


@lru_cache(maxsize=1 << 16)
def account_key(account: str) -> str:
    """A bank account as it is compared: capital letters and digits only."""
    return "".join(_TOKEN.findall(account.upper()))

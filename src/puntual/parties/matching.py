"""Whose row a row is: the customer it names, and what it adds to what is known. Pure: no clock, no database.

A customer is known by its creditor's code; a row without one by its tax id, else by its name and country. A code that a file does
not give is made from what it does give, always the same, so that the next file finds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from puntual.kernel.emails import normalize_email
from puntual.kernel.phones import normalize_phone
from puntual.kernel.problems import N_, Problem
from puntual.kernel.tax_ids import TaxIdCheck, check_tax_id
from puntual.kernel.text import fold
from puntual.organizations.countries import is_country

_COUNTRIES = ("PE", "CL", "CO", "MX", "ES", "AR", "BR", "EC", "DO", "PT")  # those whose tax ids can be checked
_NOBODYS = frozenset({"XAXX010101000", "XEXX010101000"})  # Mexico: the general public, and foreigners
_LONGEST_CODE = 60
_SHORTEST_TAX_ID = 7


class Incoming(NamedTuple):
    """A customer as a file names it. What is empty or None the file does not say."""

    creditor_id: UUID
    code: str
    name: str
    tax_id: str
    emails: tuple[str, ...]
    phone: str
    country: str  # ISO 3166-1 alpha-2
    language: str = ""
    terms_days: int | None = None
    address: str = ""
    contact_name: str = ""
    contact_role: str = ""
    salesperson: str = ""
    tags: tuple[str, ...] = ()


PartyKey = tuple[str, str]
"""Country and tax id."""


@dataclass(slots=True)
class Known:
    """A customer with its party, as it is stored or about to be. `points` holds (kind, value), e-mails in lower case."""

    id: UUID
    creditor_id: UUID
    code: str
    name: str
    search_name: str
    language: str
    time_zone: str
    terms_days: int | None
    owner_id: UUID | None
    tags: list[str]
    party_id: UUID
    party_active: bool
    party_name: str
    tax_id: str
    country: str
    points: set[tuple[str, str]] = field(default_factory=set)
    new: bool = False

    @property
    def nameless(self) -> bool:
        """Whether nobody has told its name: then it goes by its code."""
        return self.name == self.code

    @property
    def code_was_made(self) -> bool:
        """Whether its code is one that `made_code` makes."""
        return self.code in (self.tax_id, made_code("", self.name))


class Identity(NamedTuple):
    """What a row says of who it is, checked. `tax_id` is normalized; empty where it is nobody's."""

    tax_id: str
    check: TaxIdCheck
    country: str


@lru_cache(maxsize=1 << 15)
def checked_tax_id(country: str, tax_id: str) -> TaxIdCheck:
    """`check_tax_id`, remembered."""
    return check_tax_id(country, tax_id)


@lru_cache(maxsize=1 << 15)
def folded(name: str) -> str:
    """`fold`, remembered."""
    return fold(name)


@lru_cache(maxsize=1 << 15)
def phone_number(text: str, country: str) -> str | None:
    """`normalize_phone`, remembered."""
    return normalize_phone(text, country)


@lru_cache(maxsize=1 << 15)
def email_address(text: str) -> str | None:
    """`normalize_email`, remembered."""
    return normalize_email(text)


def country_of(stated: str, tax_id: str, usual: str) -> str:
    """Where a customer is: what the file says, else the only country whose tax id this can be, else `usual`.

    A tax id that has the form of the usual country's is taken for one: a mistyped digit moves nobody abroad.
    """
    if stated or not tax_id or usual not in _COUNTRIES or checked_tax_id(usual, tax_id).kind:
        return stated or usual
    fitting = [country for country in _COUNTRIES if checked_tax_id(country, tax_id).valid]
    return fitting[0] if len(fitting) == 1 else usual


def made_code(tax_id: str, name: str) -> str:
    """The code of a customer that was given none: its tax id, else its name without accents; empty where there is neither."""
    if tax_id:
        return tax_id[:_LONGEST_CODE]
    code = folded(name).replace(" ", "-").upper()
    return code if len(code) <= _LONGEST_CODE else f"{code[:51]}-{_digest(code)}"


def code_as_tax_id(row: Incoming, who: Identity) -> str:
    """The tax id that a code may be: many companies keep their customers by it. Empty where it is none."""
    check = checked_tax_id(who.country, row.code) if len(row.code) >= _SHORTEST_TAX_ID else None
    return check.normalized if check and check.kind else ""


def identify(row: Incoming, usual_country: str) -> Identity:
    """What `row` says of who it is, for a creditor in `usual_country`."""
    country = country_of(row.country if is_country(row.country) else "", row.tax_id, usual_country)
    check = checked_tax_id(country, row.tax_id)
    tax_id = check.normalized[:40]
    if tax_id in _NOBODYS or len(set(tax_id)) < 2:  # 00000000000 stands for “none”
        tax_id = ""
    return Identity(tax_id, check, country)


class Ambiguous(Problem):
    """Several customers are meant by one row."""

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(
            N_("Several customers have this tax id or name: {codes}. Add a column with the customer's code."),
            codes=", ".join(sorted(codes)),
        )


@dataclass(slots=True)
class Index:
    """The customers that some rows may mean."""

    by_code: dict[tuple[UUID, str], Known] = field(default_factory=dict)
    by_tax_id: dict[tuple[UUID, str], list[Known]] = field(default_factory=dict)
    by_name: dict[tuple[UUID, str], list[Known]] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        """Take a customer in; one that is there already is left as it is."""
        if (known.creditor_id, known.code) in self.by_code:
            return
        self.by_code[known.creditor_id, known.code] = known
        if known.tax_id:
            self.by_tax_id.setdefault((known.creditor_id, known.tax_id), []).append(known)
        self.by_name.setdefault((known.creditor_id, known.search_name), []).append(known)

    def recode(self, known: Known, code: str) -> None:
        """Give a customer another code."""
        del self.by_code[known.creditor_id, known.code]
        if known.nameless:
            known.name, known.search_name = code, folded(code)
        known.code = code
        self.by_code[known.creditor_id, code] = known

    def find(self, row: Incoming, who: Identity) -> Known | None:
        """The customer `row` means, None where it is a new one. Raises Ambiguous."""
        if row.code:
            return self.by_code.get((row.creditor_id, row.code)) or self._without_own_code(row, who)
        return self._only(self._same_tax_id(row, who.tax_id)) or self._only(self._same_name(row, who))

    def _without_own_code(self, row: Incoming, who: Identity) -> Known | None:
        """A customer whose code was made, from its tax id or name: it gets its own. Or one whose tax id the code given is."""
        as_tax_id = self._same_tax_id(row, code_as_tax_id(row, who))
        made = [
            known for known in (*self._same_tax_id(row, who.tax_id), *self._same_name(row, who)) if known.code_was_made
        ]
        found = {known.id: known for known in as_tax_id or made}
        return next(iter(found.values())) if len(found) == 1 else None

    def _same_tax_id(self, row: Incoming, tax_id: str) -> list[Known]:
        return self.by_tax_id.get((row.creditor_id, tax_id), []) if tax_id else []

    def _same_name(self, row: Incoming, who: Identity) -> list[Known]:
        return [
            known
            for known in (self.by_name.get((row.creditor_id, folded(row.name)), ()) if row.name else ())
            if (not row.country or known.country == row.country)
            and not (who.tax_id and known.tax_id and who.tax_id != known.tax_id)
        ]

    @staticmethod
    def _only(found: list[Known]) -> Known | None:
        if len(found) > 1:
            raise Ambiguous(known.code for known in found)
        return found[0] if found else None

    def free_code(self, row: Incoming, who: Identity) -> str:
        """The code of a new customer: the one given, or a made one that nobody of the creditor has."""
        if row.code:
            return row.code
        made = made_code(who.tax_id, row.name)
        last = f"{made[:51]}-{_digest(row.name + who.country)}"
        return next(
            code for code in (made, f"{made[:57]}-{who.country}", last) if (row.creditor_id, code) not in self.by_code
        )


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=4).hexdigest()

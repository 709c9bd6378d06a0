"""The builder's form: one row per condition, each with the inputs its field needs.

Row n has the names n-field, n-operator and n-value, or n-PEN-sum, n-USD-sum … for amounts; the rows there are stand in `row`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from puntual.desk import formats, places
from puntual.desk.fields import MoneyField
from puntual.desk.segment_words import FIELD_HELP, FIELD_NAMES, OPERATOR_NAMES, word
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables.models import PortfolioDelta
from puntual.strategies.segments import FIELDS, OPERATORS, Condition, Kind, Segment, check, to_toml

FIRST = "days_overdue"
"""What a new condition asks for."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an organization's conditions can choose from."""

    currencies: tuple[str, ...]
    creditors: Mapping[str, str]  # name by code
    countries: tuple[str, ...]
    tags: tuple[str, ...]

    def words(self, name: str, chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
        """The choices of a field, each with its words and whether it is chosen."""
        known = {
            "creditor": tuple(self.creditors),
            "country": self.countries,
            "language": tuple(LANGUAGES),
        }.get(name, FIELDS[name].choices)
        chosen = tuple(chosen)
        codes = [*known, *(one for one in chosen if one not in known)]
        return [(code, word(name, code, self.creditors), code in chosen) for code in codes]


@dataclass(slots=True)
class Row:
    """One condition as it is written, with what is wrong with it."""

    number: int
    name: str
    operator: str
    around: Around
    text: str = ""  # a number, or tags
    amounts: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    wrong: str = ""
    added: bool = False  # just now

    @property
    def kind(self) -> str:
        return FIELDS[self.name].kind.value

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name, _(FIELD_NAMES[name])) for name in FIELDS]

    @property
    def operators(self) -> list[tuple[str, str]]:
        return [(name, _(OPERATOR_NAMES[name])) for name in OPERATORS[FIELDS[self.name].kind]]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return self.around.words(self.name, self.chosen)

    @property
    def sums(self) -> list[tuple[str, str]]:
        """An amount, or nothing, per currency."""
        return [(currency, self.amounts.get(currency, "")) for currency in (*self.around.currencies, *self._others())]

    @property
    def title(self) -> str:
        return _(FIELD_NAMES[self.name])

    @property
    def help(self) -> str:
        return _(FIELD_HELP[self.name]) if self.name in FIELD_HELP else ""

    def _others(self) -> list[str]:
        return [currency for currency in self.amounts if currency not in self.around.currencies]

    def condition(self) -> Condition | None:
        """What it says; None where it cannot be used yet, and `wrong` says why."""
        try:
            value = self._value()
            if value is None:
                self.wrong = _("Not complete yet.")
                return None
            found = Condition(self.name, self.operator, value)
            check(Segment("s", "s", (found,)))
        except ValidationError as error:
            self.wrong = " ".join(error.messages)
        except Problem:
            known = FIELDS[self.name]
            self.wrong = (
                _("Write a number from {low} to {high}.").format(
                    low=formats.number(known.low), high=formats.number(known.high)
                )
                if known.kind is Kind.NUMBER
                else _("This does not fit here.")
            )
        else:
            return found
        return None

    def _value(self) -> Any:
        match FIELDS[self.name].kind:
            case Kind.AMOUNT:
                read = {
                    currency: MoneyField(required=False, currency=currency).clean(text)
                    for currency, text in self.amounts.items()
                }
                return {currency: amount for currency, amount in read.items() if amount} or None
            case Kind.NUMBER:
                return _whole(self.text)
            case Kind.FLAG:
                return self.chosen == ("yes",)
            case Kind.TAGS:
                return tuple(dict.fromkeys(tag.strip() for tag in self.text.split(",") if tag.strip())) or None
        return self.chosen or None


@dataclass(slots=True)
class Draft:
    """A segment while it is being built."""

    code: str
    name: str
    rows: list[Row]
    seen: str = ""  # how the kept one was when it was opened
    nameless: str = ""  # what is wrong with the name

    def segment(self) -> Segment:
        """What it says so far: the conditions that are complete."""
        found = [row.condition() for row in self.rows]
        return Segment(self.code or "new", self.name or "new", tuple(one for one in found if one))

    @property
    def complete(self) -> bool:
        """Whether every condition can be used; known once `segment` was asked for."""
        return not any(row.wrong for row in self.rows)


def around(organization: Organization) -> Around:
    """What there is to choose from, in four queries."""
    mine = {"organization_id": organization.id}
    used = PortfolioDelta.objects.filter(**mine).order_by("currency").values_list("currency", flat=True).distinct()
    countries = Party.objects.filter(**mine).order_by("country").values_list("country", flat=True).distinct()
    tagged = Customer.objects.filter(**mine).exclude(tags=[]).values_list("tags", flat=True).distinct()
    return Around(
        currencies=tuple(dict.fromkeys((organization.currency, *used))),
        creditors=dict(Creditor.objects.filter(**mine).order_by("name", "code").values_list("code", "name")),
        countries=tuple(sorted({organization.country, *countries}, key=places.country_name)),
        tags=tuple(sorted({tag for tags in tagged[:1000] for tag in tags})),
    )


def written(segment: Segment, near: Around) -> Draft:
    """A kept segment, to be changed."""
    rows = [_row(number, one, near) for number, one in enumerate(segment.conditions)]
    return Draft(segment.code, segment.name, rows, seen=to_toml([segment]))


def overtaken(draft: Draft, now: Segment) -> bool:
    """Whether somebody changed the kept segment since it was opened, and not into what is to be kept. Sent again, it is meant."""
    before, draft.seen = draft.seen, to_toml([now])
    wanted = Segment(now.code, draft.name, draft.segment().conditions)
    return bool(before) and draft.seen not in (before, to_toml([wanted]))


def posted(data: QueryDict, near: Around, code: str = "") -> Draft:
    """What was sent. A row whose field has just been changed begins afresh; `add` and `remove` are carried out."""
    rows = [_posted_row(data, number, near) for number in data.getlist("row") if _is_place(number)]
    if _is_place(gone := data.get("remove", "")):
        rows = [row for row in rows if row.number != int(gone)]
    if "add" in data:
        rows.append(blank(max((row.number for row in rows), default=-1) + 1, near))
        rows[-1].added = True
    return Draft(code, data.get("name", "").strip(), rows, seen=data.get("seen", "").replace("\r\n", "\n"))


def blank(number: int, near: Around, name: str = FIRST) -> Row:
    """A row nobody has filled in."""
    return Row(number, name, OPERATORS[FIELDS[name].kind][0], near)


def code_for(name: str, taken: Iterable[str]) -> str:
    """A code for a new segment, from its name."""
    base = slugify(name)[:50].strip("-_") or "segment"
    among = set(taken)
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 1000))) if code not in among)


def _is_place(number: str) -> bool:
    """Whether this is a row's number: “²” is a digit and no number, and thousands of them are none either."""
    return number.isdecimal() and len(number) < 10


def _posted_row(data: QueryDict, number: str, near: Around) -> Row:
    name, operator = data.get(f"{number}-field", FIRST), data.get(f"{number}-operator", "")
    row = blank(int(number), near, name if name in FIELDS else FIRST)
    if data.get(f"{number}-was", name) != name:
        return row
    if operator in OPERATORS[FIELDS[row.name].kind]:
        row.operator = operator
    row.text = data.get(f"{number}-value", "").strip()[:400]
    row.chosen = tuple(dict.fromkeys(data.getlist(f"{number}-value")))
    for key in data:
        own, _dash, rest = key.partition("-")
        if own == number and rest.endswith("-sum"):
            row.amounts[rest.removesuffix("-sum")] = data.get(key, "").strip()
    return row


def _row(number: int, one: Condition, near: Around) -> Row:
    row = Row(number, one.field, one.operator, near)
    value: Any = one.value
    match FIELDS[one.field].kind:
        case Kind.AMOUNT:
            row.amounts = {currency: formats.money(amount, currency) for currency, amount in value.items()}
        case Kind.NUMBER:
            row.text = str(value)
        case Kind.FLAG:
            row.chosen = ("yes" if value else "no",)
        case Kind.TAGS:
            row.text = ", ".join(value)
        case Kind.CHOICE:
            row.chosen = tuple(value)
    return row


def _whole(text: str) -> int | None:
    """A whole number as it is typed; None for nothing. Raises ValidationError for anything else."""
    if not text:
        return None
    try:
        number = Decimal(text.replace("\u2212", "-"))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or abs(number) >= Decimal(10) ** 9:
        raise ValidationError(_("Write a whole number."))
    return int(number)


def find_strategy(data: QueryDict) -> UUID | None:
    """The strategy chosen for a segment; None for none of its own. Raises ValueError where it is no id."""
    chosen = data.get("strategy", "")
    return UUID(chosen) if chosen else None

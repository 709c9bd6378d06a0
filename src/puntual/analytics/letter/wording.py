"""A letter in the active language: headings, lines and sentences, the same for the page, the PDF and the message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.analytics.letter.moving import BEFORE, FIGURES
from puntual.analytics.titles import title_of
from puntual.disputes.words import cause
from puntual.kernel.money import minor_units, round_money
from puntual.organizations.models import Organization
from puntual.parties.models import Creditor, Customer
from puntual.strategies.manual import read_content
from puntual.strategies.models import StoredSegment, Version
from puntual.strategies.words import CHANNELS

MINUS = "\N{MINUS SIGN}"
NONE = "—"
"""What stands for a figure that there is not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: this month, the one before, the mean; "—" where there is none."""

    label: str
    now: str
    before: str
    mean: str
    key: str


@dataclass(frozen=True, slots=True)
class Movers:
    """What a change is made of, each with its amount; they add up to it. `keys` are what each is told by, in the same order: a
    part of the change, or the id of whose it is; "" for the rest.
    """

    heading: str
    rows: tuple[tuple[str, str], ...]
    key: str = ""
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.heading}: {'; '.join(' '.join(row) for row in self.rows)}." if self.rows else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One currency of a letter."""

    currency: str
    says: str
    lines: tuple[Line, ...]
    made_of: Movers
    movers: tuple[Movers, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter. `proposals` are sentences, `note` says how sure they are, `none` that there is nothing to write about."""

    title: str
    month: str
    basis: str
    heads: tuple[str, str, str]
    parts: tuple[Part, ...]
    proposals: tuple[str, ...]
    note: str

    @property
    def says(self) -> tuple[str, ...]:
        """It all in sentences."""
        change = _("What to change in the manual")
        moved = (f"{part.says} {part.made_of}" for part in self.parts)
        return (*moved, *(f"{change}: {one}" for one in (*self.proposals, self.note)))


def worded(organization: Organization, facts: Mapping[str, Any], locale: Locale) -> Letter:
    """The letter in words, names looked up. Inside `acting_for`."""
    first = date.fromisoformat(facts["from"])
    names = _Names(organization.id, facts)
    found = facts["currencies"].items()
    # The organization's own currency first.
    ordered = sorted(found, key=lambda pair: pair[0] != organization.currency)
    evidence = facts["evidence"]
    month = format_skeleton("yMMMM", first, locale=locale)
    return Letter(
        title=title_of("letter"),
        month=month,
        basis=_(
            "What moved in {month}, why, and what the contacts of {days} days prove. A mean is of the months before, 12 at most."
        ).format(month=month, days=evidence["days"]),
        heads=(
            str(format_date(first, "LLLL", locale)).capitalize(),
            _("Month before"),
            mean_of(facts["currencies"]),
        ),
        parts=tuple(_part(currency, one, names, locale) for currency, one in ordered),
        proposals=tuple(_proposal(one, names, locale) for one in evidence["proposals"]),
        note=_note(evidence),
    )


class _Names:
    """What creditors, customers, segments and steps are called: one query each."""

    def __init__(self, organization_id: UUID, facts: Mapping[str, Any]) -> None:
        mine: dict[str, Any] = {"organization_id": organization_id}
        keys = {
            what: {key for one in facts["currencies"].values() for key, _amount in one[what] if key}
            for what in ("creditors", "customers")
        }
        self.of: dict[str, dict[str, str]] = {
            "creditors": _named(Creditor.objects.filter(**mine, pk__in=keys["creditors"])),
            "customers": _named(Customer.objects.filter(**mine, pk__in=keys["customers"])),
            "segments": dict(StoredSegment.objects.filter(**mine).values_list("code", "name")),
        }
        self.steps: dict[str, str] = {}
        active: Any = (
            Version.objects.filter(**mine, state=Version.State.ACTIVE) if facts["evidence"]["proposals"] else []
        )
        for version in active:
            for step in read_content(version.content).steps:
                self.steps[f"{version.strategy_id}:{step.code}"] = step.name

    def step(self, key: str) -> str:
        """A step's name, or its code where no manual in force has it."""
        return self.steps.get(key) or key.partition(":")[2]


def _named(rows: Any) -> dict[str, str]:
    return {str(key): name for key, name in rows.values_list("id", "name")}


def _part(currency: str, one: Mapping[str, Any], names: _Names, locale: Locale) -> Part:
    labels = {
        "balance": _("Open"),
        "overdue": _("Overdue"),
        "dso": _("DSO, days"),
        "cei": _("CEI, %"),
        "collected": _("Collected"),
        "promises_kept": _("Promises kept, %"),
        "disputed": _("Disputed in the month"),
    }

    def shown(key: str, text: str | None) -> str:
        unit = FIGURES[key]
        return NONE if text is None else money(text, currency, locale) if unit == "money" else tenth(text, locale)

    lines = []
    for key in FIGURES:
        now, before, mean = (shown(key, one["figures"][key][which]) for which in ("now", "before", "mean"))
        lines.append(Line(labels[key], now, before, mean, key))
    parts = parts_of_change()
    moves = one["made_of"]  # kept letters have it in another order
    why = tuple((label, signed(moves[key], currency, locale)) for key, label in parts.items() if key in moves)
    headings = {"creditors": _("By creditor"), "segments": _("By segment"), "customers": _("By customer")}
    movers = [
        Movers(
            heading,
            tuple(
                (names.of[what].get(key, key) if key else _("All others"), signed(amount, currency, locale))
                for key, amount in one[what]
            ),
            what,
            tuple(key for key, _amount in one[what]),
        )
        for what, heading in headings.items()
        if len(one[what]) > 1
    ]
    if one["causes"]:
        rows = tuple(
            (cause(key) or _("Not decided yet"), money(now, currency, locale)) for key, now, _was in one["causes"]
        )
        movers.append(Movers(_("Disputed, by cause"), rows, "causes", tuple(key for key, _now, _was in one["causes"])))
    moved = Movers(_("Why overdue moved"), why, "made_of", tuple(key for key in parts if key in moves))
    return Part(currency, _says(currency, one, locale), tuple(lines), moved, tuple(movers))


def parts_of_change() -> dict[str, str]:
    """What each thing that moves the overdue part is called."""
    return {
        "fell_due": _("Fell due and was not paid"),
        "new": _("Billed or opened again, and overdue"),
        "paid": _("Paid"),
        "credited": _("Credited"),
        "written_off": _("Written off"),
        "closed": _("Closed elsewhere"),
        "put_off": _("Put off to a later day"),
    }


def mean_of(currencies: Mapping[str, Any]) -> str:
    """The heading of the means: of as many months as there are, at most `moving.BEFORE`."""
    found = (figure["months"] for one in currencies.values() for figure in one["figures"].values())
    months = max(found, default=BEFORE) or BEFORE
    return ngettext("Mean of {n} month", "Mean of {n} months", months).format(n=months)


def _says(currency: str, one: Mapping[str, Any], locale: Locale) -> str:
    change, figures = Decimal(one["change"]), one["figures"]
    now = money(figures["overdue"]["now"] or "0", currency, locale)
    words = {"currency": currency, "now": now, "by": money(str(abs(change)), currency, locale)}
    if not change:
        said = _("{currency}: what is overdue stayed at {now}.")
    elif change > 0:
        said = _("{currency}: what is overdue rose by {by} to {now}.")
    else:
        said = _("{currency}: what is overdue fell by {by} to {now}.")
    said = said.format(**words)
    if figures["overdue"]["mean"] is not None:
        mean = money(figures["overdue"]["mean"], currency, locale)
        months = figures["overdue"]["months"]
        over = ngettext("The month before it was {mean}.", "Its mean over the {n} months before: {mean}.", months)
        said += " " + over.format(n=months, mean=mean)
    collected = money(figures["collected"]["now"] or "0", currency, locale)
    return said + " " + _("Collected: {amount}.").format(amount=collected)


def _proposal(one: Mapping[str, Any], names: _Names, locale: Locale) -> str:
    words = {
        "step": names.step(one["step"]),
        "better": _(CHANNELS.get(one["better"], one["better"])),
        "worse": _(CHANNELS.get(one["worse"], one["worse"])),
        "times": tenth(str(one["times"]), locale),
        "low": tenth(str(one["low"]), locale),
        "high": tenth(str(one["high"]), locale),
        "contacts": format_decimal(one["contacts"], "#,##0", locale),
        "customers": format_decimal(one["customers"], "#,##0", locale),
        "share": tenth(str(one["better_share"] * 100), locale),
        "other": tenth(str(one["worse_share"] * 100), locale),
    }
    if one["outcome"] == "answered":
        said = _(
            "“{step}” by {better} was answered {times} times as often as by {worse} ({share} % against {other} %; {contacts}"
            " contacts with {customers} customers, 95 % interval {low}–{high})."
        )
    else:
        said = _(
            "After “{step}” by {better}, customers paid before the next word {times} times as often as by {worse} ({share} %"
            " against {other} %; {contacts} contacts with {customers} customers, 95 % interval {low}–{high})."
        )
    return said.format(**words) + " " + _("Try {better} first for this step.").format(better=words["better"])


def _note(evidence: Mapping[str, Any]) -> str:
    number = evidence["comparisons"]
    if not number:
        return _("Nothing is proved. No step reached 100 customers by each of two channels in {days} days.").format(
            days=evidence["days"]
        )
    if not evidence["proposals"]:
        return ngettext(
            "Nothing is proved. {n} pair of channels was compared; its 95 % interval includes no difference.",
            "Nothing is proved. {n} pairs of channels were compared; all their 95 % intervals include no difference.",
            number,
        ).format(n=number)
    return ngettext(
        "Of {n} comparison. Nobody drew lots for who was reached how: an experiment with the manual shows whether it holds.",
        "Of {n} comparisons; the intervals hold for all of them together. Nobody drew lots for who was reached how: an experiment"
        " with the manual shows whether it holds.",
        number,
    ).format(n=number)


def money(text: str, currency: str, locale: Locale) -> str:
    """An amount in its currency's own decimals, as the reader writes it."""
    decimals = minor_units(currency)
    value = round_money(Decimal(text), currency)
    said = format_decimal(abs(value), "#,##0" + (f".{'0' * decimals}" if decimals else ""), locale)
    return f"{MINUS}{said}" if value < 0 else str(said)


def signed(text: str, currency: str, locale: Locale) -> str:
    """A change, with its sign."""
    said = money(text, currency, locale)
    return said if Decimal(text) <= 0 else f"+{said}"


def tenth(text: str, locale: Locale) -> str:
    """A ratio with one decimal."""
    return str(format_decimal(Decimal(text), "#,##0.0", locale))


def dated(day: date, locale: Locale) -> str:
    """5 de noviembre de 2026."""
    return str(format_date(day, "long", locale))

"""Whose figures a report is about: narrowed to a creditor, a segment, a collector's customers, a country or a currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership
from puntual.parties.models import Creditor
from puntual.strategies.models import FiguresRead, StoredSegment
from puntual.strategies.segment_queries import as_segment
from puntual.strategies.segments_sql import where

# Whom the customer's party, its collector and its segment let through; the names are those `segments_sql` speaks of.
_CUSTOMERS = """SELECT c.id
    FROM parties_customer c
    JOIN parties_party p ON p.organization_id = %(whose_org)s AND p.id = c.party_id
    LEFT JOIN strategies_customerfigures f ON f.organization_id = %(whose_org)s AND f.id = c.id
    WHERE c.organization_id = %(whose_org)s"""


FIELDS = ("creditor", "segment", "collector", "country", "currency")
"""What reports can be narrowed to, the currency last."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What figures are narrowed to; nothing that is None or "" narrows.

    Segment, collector (who looks after a customer) and country (the party's) are those of today: what they were on a day long
    past is not on record. `condition` is the segment's, in SQL, with its `parameters`.
    """

    organization_id: UUID | None = None
    creditor: UUID | None = None
    currency: str = ""
    segment: str = ""
    collector: UUID | None = None
    country: str = ""
    condition: str = ""
    parameters: Mapping[str, Any] = attribute(default_factory=dict, compare=False)
    prefix: str = ""
    among: tuple[tuple[bool, "Whose"], ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """What it narrows, of `FIELDS`."""
        return tuple(field for field in FIELDS if getattr(self, field))

    @property
    def asked(self) -> dict[str, str]:
        """What it narrows as text, each of `FIELDS`."""
        return {field: str(getattr(self, field)) for field in self.named}

    @property
    def by_customer(self) -> bool:
        """Whether it depends on more than the creditor and the currency, which is all that kept months tell apart."""
        return bool(self.segment or self.collector or self.country or self.among)

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions of `sql` need."""
        own = {
            "whose_org": self.organization_id,
            "creditor": self.creditor,
            "whose_currency": self.currency,
            "whose_collector": self.collector,
            "whose_country": self.country,
        }
        others = {key: value for _inside, other in self.among for key, value in other.values.items()}
        return {**others, **self.parameters, **{self.prefix + key: value for key, value in own.items()}}

    def sql(self, alias: str, customer: str = "customer_id", *, currency: bool = True) -> str:
        """Conditions, each after an AND, on a table with a creditor, a customer and (unless told otherwise) a currency."""
        parts = []
        if self.creditor:
            parts.append(f"AND {alias}.creditor_id = %({self.prefix}creditor)s")
        if self.currency and currency:
            parts.append(f"AND {alias}.currency = %({self.prefix}whose_currency)s")
        if self.segment or self.collector or self.country:
            parts.append(f"AND {alias}.{customer} IN ({self._customers})")
        for inside, other in self.among:
            condition = other.sql(alias, customer, currency=currency).removeprefix("AND ")
            parts.append(f"AND {'' if inside else 'NOT '}({condition})")
        return " ".join(parts)

    @property
    def _customers(self) -> str:
        parts = [_CUSTOMERS.replace("%(", f"%({self.prefix}")]
        if self.collector:
            parts.append(f"AND c.owner_id = %({self.prefix}whose_collector)s")
        if self.country:
            parts.append(f"AND p.country = %({self.prefix}whose_country)s")
        if self.segment:
            parts.append(f"AND ({self.condition})")
        return " ".join(parts)


EVERYBODY = Whose()


def of_creditor(creditor: UUID | None) -> Whose:
    """Everybody who owes one creditor, or everybody."""
    return Whose(creditor=creditor) if creditor else EVERYBODY


def whose(
    organization_id: UUID,
    today: date,
    *,
    creditor: UUID | None = None,
    currency: str = "",
    segment: str = "",
    collector: UUID | None = None,
    country: str = "",
    prefix: str = "",
) -> Whose:
    """What was asked for, with the segment (by its code) looked up. Inside `acting_for`.

    Customers are in a segment by their kept figures; days overdue and the like are counted from the day those are of, or else
    from `today`. Raises Problem for a segment that does not exist.
    """
    condition = ""
    parameters: dict[str, Any] = {}
    if segment:
        stored = StoredSegment.objects.filter(organization_id=organization_id, code=segment).first()
        if stored is None:
            codes = StoredSegment.objects.filter(organization_id=organization_id).order_by("position", "code")
            raise Problem(
                N_("There is no segment “{code}”. There are: {codes}."),
                code=segment,
                codes=", ".join(codes.values_list("code", flat=True)) or "–",
            )
        read = FiguresRead.objects.filter(organization_id=organization_id).first()
        condition, parameters = where(as_segment(stored), read.day if read else today, f"{prefix}whose_s")
    return Whose(organization_id, creditor, currency, segment, collector, country, condition, parameters, prefix)


def described(organization_id: UUID, asked: Whose) -> list[tuple[str, str, str]]:
    """What it narrows: each of `FIELDS` with its label and what it says, for people. Inside `acting_for`."""
    said: list[tuple[str, str, str]] = []
    if asked.creditor:
        creditors = Creditor.objects.filter(organization_id=organization_id, pk=asked.creditor)
        said.append(("creditor", _("Creditor"), creditors.values_list("name", flat=True).first() or ""))
    if asked.segment:
        stored = StoredSegment.objects.filter(organization_id=organization_id, code=asked.segment)
        said.append(("segment", _("Segment"), stored.values_list("name", flat=True).first() or asked.segment))
    if asked.collector:
        who = Membership.objects.filter(organization_id=organization_id, user_id=asked.collector)
        name, email = who.values_list("user__name", "user__email").first() or ("", "")
        said.append(("collector", _("Looked after by"), name or email))
    if asked.country:
        said.append(("country", _("Country"), asked.country))
    if asked.currency:
        said.append(("currency", _("Currency"), asked.currency))
    return said

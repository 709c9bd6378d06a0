"""Reads of exports: which there were, and the lines of one, the same whenever they are read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from puntual.payments.exporting.models import ExportedMovement, PaymentExport

TEXTS = ("creditor", "customer_code", "customer", "tax_id", "reference", "method", "document", "installment", "memo")
"""What a line says beside its day, kind, currency and amount."""

MONEY = (ExportedMovement.Kind.RECEIVED, ExportedMovement.Kind.REVERSED, ExportedMovement.Kind.REFUNDED)
_CHUNK = 2_000


class Line(NamedTuple):
    """One movement. Money that came in is above zero, reversed or given back below; what was applied to a document above zero,
    taken off it below."""

    on: str
    kind: str
    currency: str
    amount: Decimal
    texts: tuple[str, ...]
    id: str


def exports_of(organization_id: UUID) -> QuerySet[PaymentExport]:
    """Every export, the latest first."""
    found = PaymentExport.objects.filter(organization_id=organization_id).select_related("creditor")
    return found.order_by("-number")


def lines_of(export: PaymentExport) -> Iterator[Line]:
    """The lines of an export in their order, read while they are written (inside a transaction)."""
    rows = _movements(export).order_by("on", "source_id", "kind")
    values = rows.values_list("on", "kind", "currency", "amount", "content", "source_id")
    for on, kind, currency, amount, content, source in values.iterator(chunk_size=_CHUNK):
        yield Line(on.isoformat(), kind, currency, amount, tuple(content), str(source))


def lines_count(export: PaymentExport) -> int:
    """How many lines it has."""
    return _movements(export).count()


def came_in(export: PaymentExport) -> dict[str, Decimal]:
    """Money in less money that went back, per currency; a currency of which nothing came in has zero."""
    rows = _movements(export).values_list("currency").annotate(total=Sum("amount", filter=Q(kind__in=MONEY)))
    return {currency: total or Decimal(0) for currency, total in rows.order_by("currency")}


def _movements(export: PaymentExport) -> QuerySet[ExportedMovement]:
    rows = ExportedMovement.objects.filter(organization_id=export.organization_id)
    if export.creditor_id:
        rows = rows.filter(creditor_id=export.creditor_id)
    if export.only_new:
        return rows.filter(number=export.number)
    rows = rows.filter(number__lte=export.number)
    if export.from_on:
        rows = rows.filter(on__gte=export.from_on)
    return rows.filter(on__lte=export.to_on) if export.to_on else rows

"""Reports of payment providers: PayPal's activity, Mercado Pago's settlements and releases.

A line is what the provider's account moved by: the payer paid `amount + fees`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_
from puntual.kernel.sheets.layout import Table
from puntual.kernel.text import fold
from puntual.payments.statements.reading.columns import MERCADO_PAGO, PAYPAL, columns_of
from puntual.payments.statements.reading.files import unfit
from puntual.payments.statements.reading.mapping import Mapping as ColumnMapping
from puntual.payments.statements.reading.shapes import added_up, key_of, once, reference, texts
from puntual.payments.statements.reading.statement import ZERO, Found, Line, Reference, Scheme, Warned
from puntual.payments.statements.reading.tables import Row, rows_of, statement

_DONE: Final = frozenset({"completed", "completado", "completada", "concluido", "concluida", "complete", ""})
_BACK: Final = frozenset(
    {"refund", "reversal", "chargeback", "reembolso", "reversion", "devolucion", "contracargo", "estorno"}
)
_BACK_MERCADO_PAGO: Final = frozenset({"refund", "chargeback", "dispute", "devolucion", "contracargo", "estorno"})
_NO_MOVEMENT: Final = frozenset({"total", "subtotal", "initial_available_balance", "available_balance"})
_Groups = dict[str, list[tuple[Line, Decimal | None]]]


def read_paypal(table: Table, mapping: ColumnMapping, signature: str) -> Found:
    """PayPal's activity report, one statement for each currency. Raises Unreadable, Undecided."""
    groups: _Groups = {}
    unfinished = 0
    for row in rows_of(table, columns_of(table.headers, PAYPAL), mapping.date_order, mapping.decimal):
        net, booked = row.amount("net"), row.dates.get("booked_on")
        if booked is None or net is None:
            continue
        if fold(row.text("impact")) == "memo":
            continue  # shown for information: the balance did not move
        if fold(row.text("state")) not in _DONE:
            unfinished += 1
            continue
        currency = row.text("currency").upper()
        groups.setdefault(currency, []).append((_paypal(row, booked, net, currency), row.amount("balance")))
    made = tuple(statement("paypal", "PayPal", currency, found) for currency, found in groups.items())
    warnings = [warned for one in made for warned in added_up(one)]
    if unfinished:
        warnings.append(Warned(N_("{count} payments that are not completed were left out."), {"count": unfinished}))
    return Found("paypal", made, tuple(warnings), signature)


def _paypal(row: Row, booked: date, net: Decimal, currency: str) -> Line:
    gross, kind = row.amount("gross") or net, row.text("kind")
    reverses = net < 0 and bool(_BACK & set(fold(kind).split()))
    references: list[Reference] = []
    references += reference(Scheme.INVOICE, row.text("invoice"))
    references += reference(Scheme.ORDER, row.text("order"))
    if reverses:
        references += reference(Scheme.ORIGINAL, row.text("original"))
    return Line(
        booked_on=booked,
        amount=net,
        currency=currency,
        texts=texts(row.text("subject"), row.text("note")),
        references=once(references),
        payer_name=" ".join(row.text("name").split())[:200],
        payer_account=row.text("from")[:60] if net > 0 else "",
        bank_key=key_of(row.text("bank_key")),
        code=kind[:40],
        fees=max(gross - net, ZERO) if net > 0 else ZERO,
        reverses=reverses,
        raw=row.raw,
    )


def read_mercado_pago(table: Table, mapping: ColumnMapping, signature: str) -> Found:
    """Mercado Pago's report of settlements or of released money, one statement per currency. Raises Unreadable, Undecided."""
    groups: _Groups = {}
    openings: dict[str, Decimal] = {}
    for row in rows_of(table, _moved(columns_of(table.headers, MERCADO_PAGO)), None, mapping.decimal):
        record = fold(row.text("record")).replace(" ", "_")
        currency = row.text("currency").upper()
        net = row.amount("net")
        if net is None:
            net = (row.amount("credit") or ZERO) - abs(row.amount("debit") or ZERO)
        if not is_currency(currency):
            currency = mapping.currency
        if record == "initial_available_balance":
            openings[currency] = net
        if record in _NO_MOVEMENT or not net:
            continue
        groups.setdefault(currency, []).append((_mercado_pago(row, net, currency), None))
    made = tuple(
        statement("mercadopago", "Mercado Pago", currency, found, openings.get(currency))
        for currency, found in groups.items()
    )
    return Found("mercadopago", made, (), signature)


def _moved(columns: dict[str, tuple[int, ...]]) -> Mapping[str, tuple[int, ...]]:
    """The day is when the money counts: when it was settled, where the report tells that."""
    settled = columns.pop("settled_on", None)
    return columns if settled is None else {**columns, "value_on": settled}


def _mercado_pago(row: Row, net: Decimal, currency: str) -> Line:
    # Their dates begin with the day, as 2026-03-02T10:15:00.000-04:00.
    booked = row.dates.get("booked_on") or _iso(row.text("booked_on"))
    if booked is None:
        raise unfit(row.line, row.text("booked_on"))
    kind, source = row.text("kind"), row.text("bank_key")
    gross = row.amount("gross") or net
    reverses = net < 0 and bool(_BACK_MERCADO_PAGO & set(fold(kind).split()))
    references: list[Reference] = [*reference(Scheme.ORDER, row.text("order"))]
    if reverses:
        references += reference(Scheme.ORIGINAL, source)
    return Line(
        booked_on=booked,
        value_on=row.dates.get("value_on") or _iso(row.text("value_on")),
        amount=net,
        currency=currency,
        texts=texts(row.text("method")),
        references=once(references),
        payer_name=row.text("payer_name")[:200],
        payer_tax_id=row.text("payer_tax_id")[:40],
        bank_key=key_of(f"{source}/{kind}" if source else ""),
        code=kind[:40],
        fees=max(gross - net, ZERO) if net > 0 else ZERO,
        reverses=reverses,
        raw=row.raw,
    )


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None

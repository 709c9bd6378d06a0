"""Set-based writing of lines, and what then follows from all that is known of an account, in whatever order it came.

None of this deletes: a line that another one stands for is a duplicate.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from puntual.payments.statements.models import BankLine, BankStatement
from puntual.payments.statements.reading.statement import Line
from puntual.receivables.staging import keep_statistics, staged

WHOLE_ACCOUNT: Final = ("camt.053", "mt940", "norma43", "ofx", "csv", "xlsx")
"""Formats that tell every movement of an account: the same money in two of them is one payment."""
WHOLE_DAYS: Final = frozenset({"camt.053", "mt940", "norma43"})
"""Formats made when a day is over; the others may have been downloaded while it ran."""

_INCOMING = {
    "id": "uuid",
    "part_of_id": "uuid",
    "parts": "int",
    "identity": "text",
    "booked_on": "date",
    "value_on": "date",
    "amount": "numeric",
    "currency": "text",
    "fees": "numeric",
    "original_amount": "numeric",
    "original_currency": "text",
    "text": "text",
    "refs": "jsonb",
    "payer_name": "text",
    "payer_account": "text",
    "payer_tax_id": "text",
    "bank_key": "text",
    "code": "text",
    "reverses": "boolean",
    "raw": "text",
}
_COLUMNS = ", ".join(name for name in _INCOMING if name != "refs")
_LAND = f"""
    INSERT INTO payments_bankline (
        organization_id, account_id, creditor_id, statement_id, kind, state, reason, recorded_at, "references", {_COLUMNS})
    SELECT %(organization)s, %(account)s, %(creditor)s, %(statement)s, %(kind)s, 'new', '', %(now)s, refs, {_COLUMNS}
    FROM bank_lines_incoming s WHERE {{which}}
    ORDER BY booked_on, id
    ON CONFLICT (organization_id, account_id, identity) DO NOTHING
    RETURNING id
"""
_LINES = _LAND.format(which="part_of_id IS NULL")
_PARTS = _LAND.format(
    which="""EXISTS (SELECT FROM payments_bankline p
                     WHERE p.organization_id = %(organization)s AND p.id = s.part_of_id)"""
)
_REPLACED = """
    UPDATE payments_bankline l SET state = 'duplicate'
    WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s AND l.kind = 'provisional' AND l.state = 'new'
      AND EXISTS (SELECT FROM payments_bankstatement s
                  WHERE s.organization_id = %(organization)s AND s.account_id = %(account)s AND s.kind = 'posted'
                    AND s.format = ANY(%(whole)s) AND l.booked_on BETWEEN s.from_on AND s.to_on)
"""
# Of a day and an amount, what one format tells no more often than another does: the same movements once more.
_TOLD_TWICE = """
    WITH told AS (
        SELECT l.booked_on, l.amount, l.currency, s.format, count(*) AS times
        FROM payments_bankline l
        JOIN payments_bankstatement s ON s.organization_id = %(organization)s AND s.id = l.statement_id
        WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s AND l.kind = 'posted'
          AND l.part_of_id IS NULL AND l.state <> 'duplicate' AND s.format = ANY(%(whole)s)
          AND l.booked_on BETWEEN %(first)s AND %(last)s
        GROUP BY l.booked_on, l.amount, l.currency, s.format
    ), again AS (
        SELECT booked_on, amount, currency FROM told GROUP BY booked_on, amount, currency
        HAVING max(times) FILTER (WHERE format = %(format)s) <= max(times) FILTER (WHERE format <> %(format)s)
    )
    UPDATE payments_bankline l SET state = 'duplicate'
    FROM again a
    WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s AND l.kind = 'posted' AND l.state = 'new'
      AND l.part_of_id IS NULL AND l.id = ANY(%(landed)s)
      AND l.booked_on = a.booked_on AND l.amount = a.amount AND l.currency = a.currency
"""
_PARTS_TOO = """
    UPDATE payments_bankline p SET state = 'duplicate'
    FROM payments_bankline l
    WHERE l.organization_id = %(organization)s AND l.account_id = %(account)s AND l.state = 'duplicate' AND l.parts > 0
      AND p.organization_id = %(organization)s AND p.part_of_id = l.id AND p.state = 'new'
"""


def land(statement: BankStatement, creditor_id: UUID, now: datetime, rows: Sequence[Sequence[Any]]) -> list[UUID]:
    """Insert lines and parts that are not there yet; the ids of the new lines. Rows are in the order of `row_of`."""
    parameters: dict[str, Any] = {
        "organization": statement.organization_id,
        "account": statement.account_id,
        "creditor": creditor_id,
        "statement": statement.id,
        "kind": statement.kind,
        "now": now,
    }
    with staged("bank_lines_incoming", _INCOMING, rows) as cursor:
        cursor.execute(_LINES, parameters)
        landed = [id for (id,) in cursor.fetchall()]
        cursor.execute(_PARTS, parameters)
        return landed


def row_of(id: UUID, part_of: UUID | None, parts: int, identity: str, line: Line) -> tuple[Any, ...]:
    """A line as it is staged."""
    original_amount, original_currency = line.original or (None, "")
    return (
        id,
        part_of,
        parts,
        identity,
        line.booked_on,
        line.value_on,
        line.amount,
        line.currency,
        line.fees,
        original_amount,
        original_currency,
        "\n".join(line.texts)[:4000],
        json.dumps([[reference.scheme, reference.value] for reference in line.references]),
        line.payer_name[:200],
        line.payer_account[:60],
        line.payer_tax_id[:40],
        line.bank_key[:100],
        line.code[:40],
        line.reverses,
        line.raw,
    )


def settle(statement: BankStatement, landed: Sequence[UUID], first: date, last: date) -> None:
    """Say of each line whether another one stands for it, and split the bulk credits whose payments are known."""
    parameters: dict[str, Any] = {
        "organization": statement.organization_id,
        "account": statement.account_id,
        "whole": list(WHOLE_ACCOUNT),
        "format": statement.format,
        "landed": list(landed),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        keep_statistics(cursor, statement.organization_id, {"payments_bankline": len(landed)})
        cursor.execute(_REPLACED, parameters)
        if statement.kind == BankStatement.Kind.POSTED and statement.format in WHOLE_ACCOUNT:
            cursor.execute(_TOLD_TWICE, parameters)
        _split(statement.organization_id, statement.account_id)
        cursor.execute(_PARTS_TOO, parameters)


def _split(organization_id: UUID, account_id: UUID) -> None:
    """Give the payments of each notification that waits to the bulk credit it tells of, where that is one and only one."""
    lines = BankLine.objects.filter(organization_id=organization_id, account_id=account_id, part_of=None)
    waiting = [*lines.filter(kind=BankStatement.Kind.SPLIT, state=BankLine.State.NEW).defer("raw", "text")]
    if not waiting:
        return
    posted = lines.filter(kind=BankStatement.Kind.POSTED).exclude(state=BankLine.State.DUPLICATE)
    by_amount: dict[tuple[Decimal, str], list[BankLine]] = {}
    for line in posted.filter(amount__in={line.amount for line in waiting}).defer("raw", "text"):
        by_amount.setdefault((line.amount, line.currency), []).append(line)
    found = [(line, _candidates(line, by_amount.get((line.amount, line.currency), []))) for line in waiting]
    wanted = Counter(one.id for _line, candidates in found for one in candidates)
    for line, candidates in found:
        if len(candidates) == 1 and wanted[candidates[0].id] == 1:
            _give(line, candidates[0])


def _candidates(line: BankLine, posted: list[BankLine]) -> list[BankLine]:
    by_key = [one for one in posted if line.bank_key and one.bank_key == line.bank_key]
    return by_key or [one for one in posted if one.booked_on == line.booked_on and not (one.bank_key and line.bank_key)]


def _give(waiting: BankLine, bulk: BankLine) -> None:
    parts = BankLine.objects.filter(organization_id=waiting.organization_id, part_of=waiting)
    untouched = bulk.parts == 0 and bulk.state in (BankLine.State.NEW, BankLine.State.UNMATCHED)
    if untouched and (waiting.parts > 1 or not (bulk.payer_name or bulk.references)):
        parts.update(part_of=bulk, kind=BankStatement.Kind.POSTED)
        bulk.parts, waiting.parts = waiting.parts, 0
        bulk.save(update_fields=["parts"])
    waiting.state = BankLine.State.DUPLICATE
    waiting.save(update_fields=["state", "parts"])

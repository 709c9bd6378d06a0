"""The only writer of bank statements and their lines. Whoever lands a statement locks its account first."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.money import to_minor
from puntual.kernel.problems import N_, Problem
from puntual.parties.actions import note_data_through
from puntual.parties.models import Creditor
from puntual.payments.statements.accounts import account_of
from puntual.payments.statements.identity import identified, of_part, plain
from puntual.payments.statements.landing import WHOLE_ACCOUNT, WHOLE_DAYS, land, row_of, settle
from puntual.payments.statements.models import BankAccount, BankLine, BankStatement, StatementMapping
from puntual.payments.statements.reading.shapes import span
from puntual.payments.statements.reading.statement import ZERO, Found, Kind, Line, Statement

_BLOCK: Final = 2_000
_LARGEST: Final = Decimal(10) ** 15  # amounts are NUMERIC(20, 4)


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of one file: its statements, and how many of their entries are in which state now."""

    statements: tuple[BankStatement, ...]
    states: dict[str, int]


def import_statement(
    by: Actor, found: Found, *, file_name: str, creditor: Creditor | None = None, mapping: str = ""
) -> Landed:
    """Land what a bank's file says: all of it or nothing. `creditor` says whose an account is that nobody knows yet, and the
    `mapping` (TOML) by which a spreadsheet was read is remembered for the next of its kind.

    A line that is there already changes nothing and counts as a duplicate, and so does one that another format told before. What
    is posted replaces what was provisional. Raises WhoseAccount, AnotherCreditors, Problem for an unknown currency or an amount
    finer than it allows.
    """
    with action(by, "payments.import_statement", file=file_name, format=found.format) as log:
        states: Counter[str] = Counter()
        kept = []
        for read in found.statements:
            account = account_of(by, read, creditor)
            told = _in_currency(read, account.currency)
            statement = _keep(by, told, account, file_name)
            states += _land(by, told, statement, account)
            kept.append(statement)
            _note(by, statement, account)
        if mapping and found.signature:
            StatementMapping.objects.update_or_create(
                organization_id=by.organization_id,
                signature=found.signature,
                defaults={"toml": mapping, "changed_at": by.now},
            )
        log.say(accounts=sorted({str(one.account_id) for one in kept}), **states)
        return Landed(tuple(kept), dict(states))


def restrict_account(by: Actor, account_id: UUID, *, restricted: bool) -> BankAccount:
    """Say that an account takes in only what the law has customers deposit, or that it is one like the others.

    What was made of its lines until now stays. Raises BankAccount.DoesNotExist.
    """
    with action(by, "payments.restrict_account", restricted=restricted) as log:
        accounts = BankAccount.objects.filter(organization_id=by.organization_id)
        account = accounts.select_for_update(no_key=True).get(id=account_id)
        log.about(account)
        account.restricted = restricted
        account.save(update_fields=["restricted"])
        return account


def _in_currency(read: Statement, currency: str) -> Statement:
    """The statement with its account's currency where it names none, each amount checked against its own."""
    entries = tuple(replace(line, currency=currency) if not line.currency else line for line in read.entries)
    for line in entries:
        for one in (line, *line.parts):
            to_minor(one.amount, one.currency or currency)
            to_minor(one.fees, one.currency or currency)
    sums = (read.credits, read.debits, read.opening or ZERO, read.closing or ZERO)
    others = (
        one.fees + abs(one.original[0] if one.original else ZERO) for line in entries for one in (line, *line.parts)
    )
    if any(abs(amount) >= _LARGEST for amount in (*sums, *others)):
        raise Problem(N_("An amount of the file is larger than any bank's. Download it from the bank again."))
    return replace(read, currency=read.currency or currency, entries=tuple(line for line in entries if line.amount))


def _keep(by: Actor, told: Statement, account: BankAccount, file_name: str) -> BankStatement:
    """The statement's own row: the one that is there where it came before."""
    first, last = span(told.entries, by.today)
    values: dict[str, Any] = {
        "format": told.format,
        "kind": told.kind,
        "number": told.number[:60],
        "from_on": told.from_on or first,
        "to_on": max(filter(None, (told.from_on, told.to_on or last))),
        "opening": told.opening,
        "closing": told.closing,
        "entries": len(told.entries),
        "credits": told.credits,
        "debits": told.debits,
    }
    said = [plain(value) if isinstance(value, Decimal) else str(value) for value in values.values()]
    lines = sorted(identity for identity, _line in identified(told))
    statement, _new = BankStatement.objects.get_or_create(
        organization_id=by.organization_id,
        account=account,
        digest=hashlib.sha256("\x1f".join((*said, *lines)).encode("utf-8", "replace")).hexdigest(),
        defaults={**values, "difference": told.difference, "file_name": file_name[-200:], "recorded_at": by.now},
    )
    return statement


def _land(by: Actor, told: Statement, statement: BankStatement, account: BankAccount) -> "Counter[str]":
    landed: list[UUID] = []
    lines = identified(told)
    while block := list(islice(lines, _BLOCK)):
        rows = list(_rows(told.kind, block))
        landed += land(statement, account.creditor_id, by.now, rows)
    first, last = span(told.entries)
    if first and last:
        settle(statement, landed, first, last)
    return _states(by, statement, landed, len(told.entries))


def _rows(kind: Kind, block: list[tuple[str, Line]]) -> Iterator[tuple[Any, ...]]:
    """Each line and, after it, its payments. A notification of one payment has that one."""
    for id, (identity, line) in zip(uuid7_batch(len(block)), block, strict=True):
        parts = line.parts or ((replace(line, raw=""),) if kind is Kind.SPLIT else ())
        yield row_of(id, None, len(parts), identity, line)
        for number, (part_id, part) in enumerate(zip(uuid7_batch(len(parts)), parts, strict=True), 1):
            yield row_of(part_id, id, 0, of_part(identity, number), part)


def _states(by: Actor, statement: BankStatement, landed: list[UUID], entries: int) -> "Counter[str]":
    """How many entries are in which state: those that were there before are duplicates of themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, count(*) FROM payments_bankline"
            " WHERE organization_id = %s AND statement_id = %s AND id = ANY(%s) GROUP BY state",
            [by.organization_id, statement.id, landed],
        )
        states = Counter(dict(cursor.fetchall()))
    if known := entries - len(landed):
        states[BankLine.State.DUPLICATE.value] += known
    return states


def _note(by: Actor, statement: BankStatement, account: BankAccount) -> None:
    """Until when the creditor's bank is known: a day that still runs is not."""
    if statement.kind != BankStatement.Kind.POSTED or statement.format not in WHOLE_ACCOUNT:
        return
    ended = by.today if statement.format in WHOLE_DAYS else by.today - timedelta(days=1)
    note_data_through(by, account.creditor_id, bank=min(statement.to_on, ended))

"""Where a customer's promises stand today: what was paid for each so far, and what it came to or would come to."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.models import Promise, PromiseItem
from puntual.agreements.promises.judging import GRACE, Covered, Money, Verdict, Word, judge, paid
from puntual.agreements.promises.valuing_sql import MONEY_OF_ONE
from puntual.kernel.receipts import Receipts
from puntual.organizations.calendars import calendar_of
from puntual.organizations.tolerances import tolerances

_ENDED = (Promise.State.REPLACED, Promise.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """One promise today. `deadline` is the last day whose money counts; `verdict` None while it may still be kept."""

    paid: Decimal
    expected: Decimal
    deadline: date
    verdict: Verdict | None


def standings(
    organization_id: UUID, customer_id: UUID, currency: str, today: date, receipts: Receipts
) -> dict[UUID, Standing]:
    """A customer's promises in a currency, by id, without those that were replaced or withdrawn."""
    mine = Promise.objects.filter(organization_id=organization_id, customer_id=customer_id, currency=currency)
    promises = list(mine.exclude(state__in=_ENDED).select_related("creditor"))
    if not promises:
        return {}
    calendar = calendar_of(organization_id, promises[0].creditor.country)
    through = promises[0].creditor.bank_through
    since = min(promise.made_on for promise in promises)
    money = _money(organization_id, customer_id, currency, since, receipts)
    words = _words(
        promises,
        {promise.id: calendar.add_business_days(promise.promised_for, GRACE) for promise in promises},
        money,
    )
    counted = paid(words, money)
    small = tolerances(organization_id, [currency])[currency]
    return {
        word.id: Standing(
            counted[word.id],
            word.expected,
            word.deadline,
            judge(
                word.amount,
                word.expected,
                counted[word.id],
                small,
                known=through is not None and through >= word.deadline and today >= word.deadline,
            ),
        )
        for word in words
    }


def _words(promises: list[Promise], deadlines: dict[UUID, date], money: list[Money]) -> list[Word]:
    rows = PromiseItem.objects.filter(
        organization_id=promises[0].organization_id, promise__in=[promise.id for promise in promises]
    )
    items: dict[UUID, list[PromiseItem]] = defaultdict(list)
    for row in rows.select_related("installment"):
        items[row.promise_id].append(row)
    return [_word(promise, deadlines[promise.id], items[promise.id], money) for promise in promises]


def _word(promise: Promise, deadline: date, items: list[PromiseItem], money: list[Money]) -> Word:
    word = Word(promise.id, promise.made_on, promise.promised_for, deadline, promise.recorded_at, {}, promise.named)
    came = [one for one in money if word.day_of(one)]
    covered = {
        row.installment_id: Covered(
            row.amount,
            row.installment.open_amount + row.installment.written_off,
            sum((one.amount for one in came if one.item == row.installment_id), Decimal(0)),
        )
        for row in items
    }
    return replace(word, items=covered)


def _money(organization_id: UUID, customer_id: UUID, currency: str, since: date, receipts: Receipts) -> list[Money]:
    values: dict[str, Any] = {"org": organization_id, "customer": customer_id, "currency": currency, "since": since}
    with connection.cursor() as cursor:
        cursor.execute(MONEY_OF_ONE.format(receipts=receipts.standing), values)
        return [Money(*row) for row in cursor.fetchall()]

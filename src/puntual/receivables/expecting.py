"""The day on which an item is expected where that is not its due date: an extension, or the customer's own pay day.

The manual counts from it, aging never does. Callers import the actions from `actions`.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.calendars import BusinessCalendar
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import PaymentRules
from puntual.parties.pay_days import PayDays, expected_on
from puntual.parties.rules import pay_days_of, set_payment_rules
from puntual.receivables.models import Installment
from puntual.receivables.postings import lock_item

_MOVE = """
    UPDATE receivables_installment i SET pays_on = w.pays_on
    FROM unnest(%(ids)s::uuid[], %(days)s::date[]) AS w(id, pays_on)
    WHERE i.organization_id = %(organization)s AND i.id = w.id AND i.pays_on IS DISTINCT FROM w.pays_on
"""


def extend_due(by: Actor, installment_id: UUID, to: date | None, *, why: str) -> Installment:
    """Expect an item on a later day, from which the manual starts afresh, while it ages from its due date; None: as it was.

    The agreement behind it is another room's. Raises Installment.DoesNotExist.
    """
    with action(by, "receivables.extend_due", why=why) as log:
        item = lock_item(by.organization_id, installment_id)
        log.about(item)
        log.say(number=item.invoice.number, before=item.extended_to, after=to)
        if item.extended_to != to:
            item.extended_to = to
            item.due_generation += 1
            item.save(update_fields=["extended_to", "due_generation"])
            item.refresh_from_db(fields=["expected_on"])
        return item


def keep_payment_rules(by: Actor, customer_id: UUID, **rules: Any) -> PaymentRules | None:
    """Keep a customer's payment rules, as `parties.rules.set_payment_rules` takes them, and move what is open to its pay days.

    What was asked for already stays marked as heard. Raises what `set_payment_rules` raises.
    """
    with action(by, "receivables.keep_payment_rules") as log:
        kept = set_payment_rules(by, customer_id, **rules)
        log.say(moved=_move(by, [customer_id], _rules_of(by.organization_id, [customer_id])))
        return kept


def expect_by_rules(by: Actor, customer_ids: Collection[UUID]) -> None:
    """Move what is open of those of these customers who have pay days: after something was issued, or its due date moved.

    One small query where none of them has any. It joins the action that is under way.
    """
    rules = _rules_of(by.organization_id, customer_ids)
    if rules:
        _move(by, list(rules), rules)


def _rules_of(organization_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, PayDays]:
    rows = PaymentRules.objects.filter(organization_id=organization_id, customer_id__in=list(customer_ids))
    return {row.customer_id: days for row in rows if (days := pay_days_of(row))}


def _move(by: Actor, customer_ids: Collection[UUID], rules: dict[UUID, PayDays]) -> int:
    """Set the pay day of every open item of these customers; how many moved."""
    calendars: dict[str, BusinessCalendar] = {}
    ids, days = [], []
    items = Installment.objects.filter(
        organization_id=by.organization_id, customer_id__in=list(customer_ids), open_amount__gt=0
    ).order_by("id")
    columns = ("id", "customer_id", "due_on", "pays_on", "invoice__issued_on", "creditor__country")
    for id, customer_id, due_on, before, issued_on, country in items.values_list(*columns):
        if country not in calendars:
            calendars[country] = calendar_of(by.organization_id, country)
        mine = rules.get(customer_id)
        day = expected_on(due_on, issued_on, mine, calendars[country]) if mine else None
        if day != before:
            ids.append(id)
            days.append(day)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, {"organization": by.organization_id, "ids": ids, "days": days})
    return len(ids)

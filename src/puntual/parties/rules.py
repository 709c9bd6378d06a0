"""Actions on how customers pay by their own rules. Callers import them from `actions`."""

from collections.abc import Collection, Iterable
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer, PaymentRules, Person
from puntual.parties.pay_days import PayDays

MOST_CAP = 90
MOST_DOCUMENTS = 10


def set_payment_rules(
    by: Actor,
    customer_id: UUID,
    *,
    pay_days: Collection[int] = (),
    weekdays: Collection[int] = (),
    cut_off_days: int = 0,
    cap_days: int = 15,
    needs_order: bool = False,
    portal: str = "",
    documents: Iterable[str] = (),
    approver_id: UUID | None = None,
    note: str = "",
) -> PaymentRules | None:
    """Keep a customer's payment rules in place of those that stood; None where nothing is left of them.

    Whoever keeps the ledger moves the days on which its open items are expected (`receivables.actions.keep_payment_rules` does
    both). Raises Customer.DoesNotExist, Person.DoesNotExist, Problem for a day that is none or a cap of more than MOST_CAP days.
    """
    days, of_week = sorted(set(pay_days)), sorted(set(weekdays))
    if any(not 1 <= day <= 31 for day in days) or any(not 0 <= day <= 6 for day in of_week):
        raise Problem(N_("Give days of the month from 1 to 31, where 31 is the last one."))
    if not 0 <= cap_days <= MOST_CAP or not 0 <= cut_off_days <= 31:
        raise Problem(
            N_("Wait at most {most} days after the due date, with a cut-off of up to 31 days."), most=MOST_CAP
        )
    wanted = [text.strip()[:100] for text in documents if text.strip()][:MOST_DOCUMENTS]
    with action(by, "parties.set_payment_rules", pay_days=days, weekdays=of_week, cap_days=cap_days) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        log.about(customer)
        people = Person.objects.filter(organization_id=by.organization_id, customer=customer)
        approver = people.get(id=approver_id) if approver_id else None
        mine = PaymentRules.objects.filter(organization_id=by.organization_id, customer=customer)
        if not (days or of_week or needs_order or portal.strip() or wanted or approver or note.strip()):
            mine.delete()
            return None
        kept, _new = mine.update_or_create(
            organization_id=by.organization_id,
            customer=customer,
            defaults={
                "pay_days": days,
                "weekdays": of_week,
                "cut_off_days": cut_off_days,
                "cap_days": cap_days,
                "needs_order": needs_order,
                "portal": portal.strip()[:300],
                "documents": wanted,
                "approver": approver,
                "note": note.strip(),
                "recorded_at": by.now,
                "recorded_by": by.name,
            },
        )
        return kept


def payment_rules_of(organization_id: UUID, customer_id: UUID) -> PaymentRules | None:
    """A customer's payment rules, with who approves; None where it has none."""
    rows = PaymentRules.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return rows.select_related("approver").first()


def pay_days_of(rules: PaymentRules) -> PayDays:
    """What of the rules moves a day."""
    return PayDays(frozenset(rules.pay_days), frozenset(rules.weekdays), rules.cut_off_days, rules.cap_days)

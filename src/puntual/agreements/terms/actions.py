"""Actions on a customer's terms for good: change them from a day on, let them take effect, take a change back."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from puntual.agreements.models import Terms
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import CreditLimit, Customer
from puntual.parties.rules import payment_rules_of
from puntual.receivables.actions import keep_payment_rules

__all__ = ["change_terms", "take_effect", "withdraw_terms"]

MOST_DAYS = 365
AHEAD = timedelta(days=365)


class ConsentMissing(Problem):
    """Terms were to be changed without saying why, who agreed on both sides, or how that is known."""

    def __init__(self) -> None:
        super().__init__(
            N_("Say why, who agreed on both sides and how that is known: it is what the new terms stand on.")
        )


class NotTheLatest(Problem):
    """Only the latest change of a customer's terms can be taken back."""

    def __init__(self) -> None:
        super().__init__(N_("The terms were changed again since. Record a new change instead."))


def change_terms(
    by: Actor,
    customer_id: UUID,
    *,
    effective_on: date,
    reason: str,
    consent_ours: str,
    consent_theirs: str,
    evidence: str,
    terms_days: int | None = None,
    pay_days: Collection[int] = (),
    credit_limit: Decimal | None = None,
) -> Terms:
    """Change for good, from a day on, the days a customer has to pay, its pay days of the month or its credit limit (in the
    creditor's currency); what is not given stays. What was invoiced before keeps its due dates.

    Raises Customer.DoesNotExist, ConsentMissing, Problem where nothing changes or a value nobody can mean.
    """
    said = [text.strip() for text in (reason, consent_ours, consent_theirs, evidence)]
    if not all(said):
        raise ConsentMissing
    _check(by, effective_on, terms_days, pay_days, credit_limit)
    with action(by, "agreements.change_terms", effective_on=effective_on, days=terms_days, why=said[0]) as log:
        customer = _locked(by, customer_id)
        before = _now(by, customer)
        days = sorted(set(pay_days))
        wanted = {"terms_days": terms_days, "pay_days": days, "credit_limit": _text(credit_limit)}
        if all((not value and value != 0) or value == before[name] for name, value in wanted.items()):
            raise Problem(N_("These are the terms the customer has. Change at least one of them."))
        made = Terms.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            effective_on=effective_on,
            terms_days=terms_days,
            pay_days=days,
            credit_limit=credit_limit,
            currency=customer.creditor.currency if credit_limit is not None else "",
            before=before,
            reason=said[0],
            consent_ours=said[1][:150],
            consent_theirs=said[2][:150],
            evidence=said[3],
            recorded_at=by.now,
        )
        log.about(made)
        log.say(before=before)
        if effective_on <= by.today:
            _apply(by, made, customer)
        return made


def take_effect(by: Actor) -> int:
    """Let every change whose day has come take effect; how many. Running it again changes nothing."""
    coming = Terms.objects.filter(
        organization_id=by.organization_id,
        applied_on__isnull=True,
        withdrawn_on__isnull=True,
        effective_on__lte=by.today,
    )
    changes = list(coming.order_by("effective_on", "recorded_at", "id"))
    if not changes:
        return 0
    with action(by, "agreements.terms_take_effect", changes=len(changes)):
        for one in changes:
            customer = _locked(by, one.customer_id)
            one.before = _now(by, customer)
            one.save(update_fields=["before"])
            _apply(by, one, customer)
    return len(changes)


def withdraw_terms(by: Actor, terms_id: UUID, *, why: str) -> Terms:
    """Take the latest change back, recorded by mistake: what held before it holds again.

    Raises Terms.DoesNotExist, NotTheLatest, Problem without a reason or where it was taken back before.
    """
    if not why.strip():
        raise Problem(N_("Say why it is taken back: it stays on record."))
    with action(by, "agreements.withdraw_terms", why=why.strip()) as log:
        customer_id = Terms.objects.values_list("customer_id", flat=True).get(
            organization_id=by.organization_id, id=terms_id
        )
        customer = _locked(by, customer_id)
        mine = Terms.objects.filter(organization_id=by.organization_id, customer=customer)
        found = mine.get(id=terms_id)
        log.about(found)
        if found.withdrawn_on:
            raise Problem(N_("These terms were taken back already. Load the page again."))
        standing = mine.filter(withdrawn_on__isnull=True).order_by("-effective_on", "-recorded_at", "-id")
        if standing[0].id != found.id:
            raise NotTheLatest
        if found.applied_on:
            _set(by, customer, found, found.before)
        found.withdrawn_on, found.withdrawn_by = by.today, by.name
        found.save(update_fields=["withdrawn_on", "withdrawn_by"])
        return found


def _apply(by: Actor, change: Terms, customer: Customer) -> None:
    limit = _text(change.credit_limit)
    _set(by, customer, change, {"terms_days": change.terms_days, "pay_days": change.pay_days, "credit_limit": limit})
    change.applied_on = by.today
    change.save(update_fields=["applied_on"])


def _set(by: Actor, customer: Customer, change: Terms, to: dict[str, Any]) -> None:
    """Set what the change is about, and nothing else, to these values."""
    if change.terms_days is not None:
        customer.terms_days = to["terms_days"]
    customer.save(update_fields=["terms_days"])
    if change.credit_limit is not None:
        keep_limit(
            by,
            customer.id,
            currency=change.currency,
            amount=None if to["credit_limit"] is None else Decimal(to["credit_limit"]),
            reason=change.reason,
            source=CreditLimit.Source.TERMS,
            source_id=change.id,
        )
    if change.pay_days:
        kept = payment_rules_of(by.organization_id, customer.id)
        keep_payment_rules(
            by,
            customer.id,
            pay_days=to["pay_days"],
            weekdays=kept.weekdays if kept else (),
            cut_off_days=kept.cut_off_days if kept else 0,
            cap_days=kept.cap_days if kept else 15,
            needs_order=kept.needs_order if kept else False,
            portal=kept.portal if kept else "",
            documents=kept.documents if kept else (),
            approver_id=kept.approver_id if kept else None,
            note=kept.note if kept else "",
        )


def _now(by: Actor, customer: Customer) -> dict[str, Any]:
    kept = payment_rules_of(by.organization_id, customer.id)
    return {
        "terms_days": customer.terms_days,
        "pay_days": kept.pay_days if kept else [],
        "credit_limit": _text(customer.credit_limit),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount.normalize(), "f")


def _locked(by: Actor, customer_id: UUID) -> Customer:
    mine = Customer.objects.select_for_update(no_key=True, of=("self",)).select_related("creditor")
    return mine.get(organization_id=by.organization_id, id=customer_id)


def _check(
    by: Actor, effective_on: date, terms_days: int | None, pay_days: Collection[int], credit_limit: Decimal | None
) -> None:
    if terms_days is None and not pay_days and credit_limit is None:
        raise Problem(N_("Change at least one of the terms: days, pay days or credit limit."))
    if not by.today <= effective_on <= by.today + AHEAD:
        raise Problem(N_("New terms begin today or on a day within a year; what was invoiced keeps its own."))
    if terms_days is not None and not 0 <= terms_days <= MOST_DAYS:
        raise Problem(N_("Give from 0 to {most} days."), most=MOST_DAYS)
    if any(not 1 <= day <= 31 for day in pay_days):
        raise Problem(N_("Give days of the month from 1 to 31, where 31 is the last one."))
    if credit_limit is not None and credit_limit < 0:
        raise Problem(N_("A credit limit is not below zero."))

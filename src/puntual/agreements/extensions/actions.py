"""Actions on extensions: grant one or ask for it, decide, take it back."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from uuid import UUID

from puntual.agreements import approvals
from puntual.agreements.extensions.problems import AskedAlready, NotExtendable, NotInThisState, NotLater, NotTheLast
from puntual.agreements.extensions.queries import chains
from puntual.agreements.guardrails import Within, excess, who_decides
from puntual.agreements.models import Extension, Plan, PlanItem
from puntual.agreements.promises.actions import give_way
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Creditor, Customer
from puntual.receivables.actions import extend_due, hold, release_holds
from puntual.receivables.models import Hold, Installment, Invoice
from puntual.receivables.postings import lock_item

__all__ = ["apply", "extend_many", "grant_extension", "refuse", "withdraw"]

DAYS_TO_DECIDE = 5
"""Business days for which what is asked for is not chased while somebody decides."""
LONGEST = timedelta(days=365)
State = Extension.State
_PLANNED = (Plan.State.AWAITING, Plan.State.OFFERED, Plan.State.ACTIVE)


def grant_extension(
    by: Actor,
    installment_id: UUID,
    to_due: date,
    *,
    within: Within | None = None,
    reason: str = "",
    asked_by: str = "",
    renegotiated: bool = False,
    stops_interest: bool = False,
    source_id: UUID | None = None,
) -> Extension:
    """Give an installment more time: the manual counts from `to_due`, aging goes on from the due date, and so does late interest
    unless `stops_interest` was agreed.

    Beyond the limits of `within` it waits for an approval, needs a `reason`, and is not chased for DAYS_TO_DECIDE business days;
    an owner's exception stands at once, on record. Open promises for the item give way. Raises Installment.DoesNotExist,
    NotExtendable, NotLater, AskedAlready, ReasonMissing, Problem for a day more than a year away.
    """
    with action(by, "agreements.extend", to=to_due, why=reason.strip()) as log:
        item = lock_item(by.organization_id, installment_id)
        log.say(number=item.invoice.number, before=item.expected_on)
        _check(by, item, to_due)
        chain = chains(by.organization_id, [item.id])[item.id]
        passed = excess(within, chain.asked(to_due)) if within else ()
        decides = who_decides(within, passed) if within else ""
        made = Extension.objects.create(
            organization_id=by.organization_id,
            customer_id=item.customer_id,
            installment=item,
            from_due=chain.ends_on,
            to_due=to_due,
            renegotiated=renegotiated,
            stops_interest=stops_interest,
            reason=reason.strip(),
            asked_by=asked_by.strip(),
            offer=within.allowance.offer if within else "",
            situation=within.situation.as_json() if within else {},
            source_id=source_id,
            state=State.AWAITING if decides else State.GRANTED,
            granted_on=None if decides else by.today,
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(made)
        if passed:
            approvals.ask(by, made, "extension", passed, reason, decides)
        if decides:
            _wait(by, made, item)
        else:
            _take_effect(by, made)
        return made


def extend_many(
    by: Actor,
    customer_id: UUID,
    installment_ids: Collection[UUID],
    to_due: date,
    *,
    withins: Mapping[str, Within],
    reason: str = "",
    asked_by: str = "",
    renegotiated: bool = False,
    stops_interest: bool = False,
    source_id: UUID | None = None,
) -> list[Extension]:
    """Give several installments of a customer until the same day, each within the limits of its currency: all of them, or none.

    Raises Customer.DoesNotExist, Problem where nothing was chosen or it is not the customer's, and what `grant_extension` raises.
    """
    with action(by, "agreements.extend_many", to=to_due, why=reason.strip()) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        log.about(customer)
        mine = Installment.objects.filter(
            organization_id=by.organization_id, customer=customer, id__in=list(installment_ids)
        )
        chosen = dict(mine.order_by("id").values_list("id", "currency"))
        if not chosen or chosen.keys() != set(installment_ids):
            raise Problem(N_("Choose at least one open document of this customer."))
        return [
            grant_extension(
                by,
                item,
                to_due,
                within=withins.get(currency),
                reason=reason,
                asked_by=asked_by,
                renegotiated=renegotiated,
                stops_interest=stops_interest,
                source_id=source_id,
            )
            for item, currency in chosen.items()
        ]


def apply(by: Actor, extension_id: UUID) -> Extension:
    """Grant what waited for an approval; `approvals.decide` calls it.

    Raises Extension.DoesNotExist, NotInThisState, NotExtendable and NotLater where it cannot be granted any more.
    """
    with action(by, "agreements.apply_extension") as log:
        found = _locked(by, extension_id, State.AWAITING)
        log.about(found)
        item = lock_item(by.organization_id, found.installment_id)
        release_holds(by, [found.id], reason=Hold.Reason.EXTENSION)
        _check_open(by, item)
        _check_later(by, item, found.to_due)
        found.state, found.granted_on = State.GRANTED, by.today
        found.save(update_fields=["state", "granted_on"])
        _take_effect(by, found)
        return found


def refuse(by: Actor, extension_id: UUID, why: str) -> Extension:
    """Whoever had to approve it said no: the item is chased as it was. Raises Extension.DoesNotExist, NotInThisState."""
    with action(by, "agreements.refuse_extension", why=why) as log:
        found = _locked(by, extension_id, State.AWAITING)
        log.about(found)
        found.state = State.REFUSED
        found.save(update_fields=["state"])
        release_holds(by, [found.id], reason=Hold.Reason.EXTENSION)
        return found


def withdraw(by: Actor, extension_id: UUID, *, why: str) -> Extension:
    """Take back what was granted or asked for by mistake: the item is expected when it was before, and the manual starts afresh.

    Raises Extension.DoesNotExist, NotInThisState, NotTheLast, Problem without a reason.
    """
    if not why.strip():
        raise Problem(N_("Say why it is taken back: it stays on record."))
    with action(by, "agreements.withdraw_extension", why=why.strip()) as log:
        found = _locked(by, extension_id, State.AWAITING, State.GRANTED)
        log.about(found)
        lock_item(by.organization_id, found.installment_id)
        release_holds(by, [found.id], reason=Hold.Reason.EXTENSION)
        if found.state == State.AWAITING:
            approvals.lapse(by, found.id)
        else:
            chain = chains(by.organization_id, [found.installment_id])[found.installment_id]
            if chain.ends_on != found.to_due:
                raise NotTheLast
            before = chain.days[-2] if chain.times > 1 else None
            extend_due(by, found.installment_id, before, why=why.strip())
        found.state = State.WITHDRAWN
        found.save(update_fields=["state"])
        return found


def _take_effect(by: Actor, granted: Extension) -> None:
    """Move the day; of a promise for the same item, its day is the agreed one now."""
    give_way(by, [granted.installment_id], why=granted.reason)
    extend_due(by, granted.installment_id, granted.to_due, why=granted.reason)
    if granted.stops_interest:
        hold(
            by,
            reason=Hold.Reason.EXTENSION,
            installment_id=granted.installment_id,
            until_on=granted.to_due,
            stops_chasing=False,
            stops_interest=True,
            stops_pre_due=False,
            note=granted.reason,
            source_id=granted.id,
        )


def _wait(by: Actor, asked: Extension, item: Installment) -> None:
    """Chase the item no further until somebody should have decided."""
    country = Creditor.objects.values_list("country", flat=True).get(
        organization_id=by.organization_id, id=item.creditor_id
    )
    until = calendar_of(by.organization_id, country).add_business_days(by.today, DAYS_TO_DECIDE)
    hold(
        by,
        reason=Hold.Reason.EXTENSION,
        installment_id=item.id,
        until_on=until,
        note=asked.reason,
        source_id=asked.id,
    )


def _check(by: Actor, item: Installment, to_due: date) -> None:
    _check_open(by, item)
    _check_later(by, item, to_due)
    if to_due > by.today + LONGEST:
        raise Problem(N_("Choose a day within a year. For longer, agree on a payment plan."))
    waiting = Extension.objects.filter(organization_id=by.organization_id, installment=item, state=State.AWAITING)
    if waiting.exists():
        raise AskedAlready(item.invoice.number)


def _check_open(by: Actor, item: Installment) -> None:
    number = item.invoice.number
    if not item.open_amount:
        raise NotExtendable(N_("Nothing is open of {number}, so there is nothing to extend."), number=number)
    if item.invoice.claim_owner != Invoice.ClaimOwner.OURS:
        raise NotExtendable(N_("{number} is not ours to extend: it was sold or factored."), number=number)
    planned = PlanItem.objects.filter(organization_id=by.organization_id, installment=item, plan__state__in=_PLANNED)
    if plan := planned.select_related("plan").first():
        raise NotExtendable(
            N_("{number} is part of {plan}: what is owed when is said there."), number=number, plan=plan.plan.number
        )


def _check_later(by: Actor, item: Installment, to_due: date) -> None:
    after = max(item.expected_on, by.today)
    if to_due <= after:
        raise NotLater(item.invoice.number, after)


def _locked(by: Actor, extension_id: UUID, *states: str) -> Extension:
    found = Extension.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=extension_id)
    if found.state not in states:
        raise NotInThisState
    return found


approvals.answered_by("extension", approved=apply, refused=refuse)

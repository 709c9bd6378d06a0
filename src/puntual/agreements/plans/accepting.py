"""The customer's yes: what a plan covers is held, its interest charged, what it replaces ends. Callers import from `actions`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.ending import close, waive_from
from puntual.agreements.plans.problems import EvidenceMissing, NotInThisState, OfferOver, OpenChanged
from puntual.agreements.plans.schedule import ZERO
from puntual.agreements.plans.standing import MONEY, RELIEF
from puntual.agreements.promises.actions import give_way
from puntual.audit.actions import Actor, action
from puntual.organizations.calendars import calendar_of
from puntual.receivables.actions import Part, hold, issue_invoice
from puntual.receivables.models import Entry, Hold, Installment, Invoice
from puntual.receivables.postings import lock

State = Plan.State


@dataclass(frozen=True, slots=True)
class Yes:
    """That a customer accepted: how (`Plan.How`), who did, and how that is known, where no link proves it."""

    how: str
    by_whom: str
    evidence: str = ""


def accept(by: Actor, plan_id: UUID, yes: Yes, at: datetime | None = None) -> Plan:
    """The customer accepts an offered plan, at a moment (now unless given): from today it holds what it covers.

    Raises Plan.DoesNotExist; NotInThisState; OfferOver; OpenChanged where what is open is not to the cent what the plan covers;
    EvidenceMissing.
    """
    with action(by, "agreements.accept_plan", how=yes.how) as log:
        plan = Plan.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=plan_id)
        log.about(plan)
        accept_locked(by, plan, yes, at or by.now)
        log.say(number=plan.number, by_whom=yes.by_whom, evidence=yes.evidence)
        return plan


def accept_locked(by: Actor, plan: Plan, yes: Yes, at: datetime) -> None:
    """The same for a plan that is locked."""
    if plan.state != State.OFFERED:
        raise NotInThisState(plan.number)
    if plan.offered_until and plan.offered_until < by.today:
        raise OfferOver(plan.number, plan.offered_until)
    how = Plan.How(yes.how)
    if not yes.by_whom.strip() or not (yes.evidence.strip() or how == Plan.How.LINK):
        raise EvidenceMissing
    items = _unchanged(by, plan)
    _replace(by, plan)
    give_way(by, [item.id for item in items], why=plan.number)
    plan.state, plan.accepted_at, plan.accepted_how = State.ACTIVE, at, how
    plan.accepted_by, plan.evidence = yes.by_whom.strip(), yes.evidence.strip()
    plan.save(update_fields=["state", "accepted_at", "accepted_how", "accepted_by", "evidence"])
    # Who accepts later than it was written is not late with the down payment.
    parts = PlanPart.objects.filter(organization_id=by.organization_id, plan=plan)
    parts.filter(position=0, due_on__lt=by.today).update(due_on=by.today)
    _measure_from_here(by, plan)
    hold_covered(by, plan, items + _charge(by, plan, list(parts.order_by("position"))))


def _unchanged(by: Actor, plan: Plan) -> list[Installment]:
    """What it covers, locked, with exactly its principal open. Raises OpenChanged."""
    covered = dict(
        PlanItem.objects.filter(organization_id=by.organization_id, plan=plan).values_list(
            "installment_id", "principal"
        )
    )
    items = lock(Installment.objects.filter(organization_id=by.organization_id, id__in=list(covered)))
    for item in items.values():
        if item.open_amount != covered[item.id] or item.invoice.claim_owner != Invoice.ClaimOwner.OURS:
            raise OpenChanged(item.invoice.number, plan.number)
    return list(items.values())


def _replace(by: Actor, plan: Plan) -> None:
    """End the plan this one takes the place of; the interest that the new one does not cover is let go."""
    if plan.replaces_id is None:
        return
    old = Plan.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=plan.replaces_id)
    if old.state == State.ACTIVE:
        close(by, [old.id], State.REPLANNED, plan.number)
        waive_from(by, old, plan.agreed_on, running=False)
    elif old.state != State.BROKEN:
        raise NotInThisState(old.number)


def _measure_from_here(by: Actor, plan: Plan) -> None:
    """Keep what entries have taken off by now, under the items' locks, and mark the items as in this plan."""
    mine = PlanItem.objects.filter(organization_id=by.organization_id, plan=plan)
    sums: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    entries = Entry.objects.filter(
        organization_id=by.organization_id, installment_id__in=mine.values("installment_id"), kind__in=MONEY | RELIEF
    )
    totals = entries.values_list("installment_id").annotate(
        paid=Sum("amount", filter=Q(kind__in=MONEY)), relieved=Sum("amount", filter=Q(kind__in=RELIEF))
    )
    for installment, paid, relieved in totals:
        sums[installment] = {"paid": -(paid or ZERO), "relieved": -(relieved or ZERO)}
    changed = list(mine)
    for item in changed:
        item.paid_before = sums[item.installment_id].get("paid", ZERO)
        item.relieved_before = sums[item.installment_id].get("relieved", ZERO)
        item.held = True
    PlanItem.objects.bulk_update(changed, ["paid_before", "relieved_before", "held"])


def _charge(by: Actor, plan: Plan, parts: list[PlanPart]) -> list[Installment]:
    """A document for the interest of each part, due with it, so that what is not borne in the end can be let go alone."""
    charges = []
    for part in parts:
        if not part.interest:
            continue
        part.charge = issue_invoice(
            by,
            customer_id=plan.customer_id,
            number=f"INT-{plan.number}-{part.position}",
            issued_on=by.today,
            currency=plan.currency,
            parts=[Part(part.due_on, part.interest)],
            kind=Invoice.Kind.CHARGE,
            description=plan.number,
        )
        charges.append(part.charge.id)
    PlanPart.objects.bulk_update(parts, ["charge"])
    return list(Installment.objects.filter(organization_id=by.organization_id, invoice_id__in=charges))


def hold_covered(by: Actor, plan: Plan, items: list[Installment]) -> None:
    """Nothing is chased, and no late interest runs, through the last part's day and its grace; `valuing` lets it go on while the
    bank is not known so far.
    """
    last = PlanPart.objects.filter(organization_id=by.organization_id, plan=plan).order_by("-due_on")[0].due_on
    calendar = calendar_of(by.organization_id, plan.creditor.country)
    until = max(calendar.add_business_days(last, plan.grace_days), by.today)
    for item in items:
        hold(
            by,
            reason=Hold.Reason.PLAN,
            installment_id=item.id,
            until_on=until,
            stops_interest=True,
            note=plan.number,
            source_id=plan.id,
        )

"""The time line's lines in words: every moment with what is to be said of it, in a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.agreements.extensions import words as extension_words
from puntual.agreements.models import Extension, Plan, Promise
from puntual.agreements.plans import words as plan_words
from puntual.agreements.promises import words as promise_words
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.desk import formats, labels
from puntual.desk.history.order import Moment, Whose, ids
from puntual.desk.history.said import Said, contact, names_of, steps_of
from puntual.desk.standing import coded
from puntual.disputes import words as disputes_words
from puntual.disputes.models import Dispute
from puntual.kernel.aging import days_past_due
from puntual.kernel.phones import spaced
from puntual.outreach.answers.queries import came_of
from puntual.outreach.models import Activity
from puntual.payments.models import Allocation, Payment, Refund
from puntual.payments.queries import allocations_of
from puntual.receivables.models import CreditNote, Entry, Hold, Invoice


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the time line. `timed` says that the hour is known too."""

    at: datetime
    timed: bool
    said: Said

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()


def events(by: Actor, whose: Whose, moments: Sequence[Moment]) -> list[Event]:
    """The moments in words, in their order."""
    org = by.organization_id

    def rows(model: Any, *kinds: str, **related: Any) -> dict[UUID, Any]:
        wanted = ids(moments, *kinds)
        found = model.objects.filter(organization_id=org, id__in=wanted)
        return {row.pk: row for row in found.select_related(*related.get("select", ()))} if wanted else {}

    activities: dict[UUID, Activity] = rows(Activity, "activity")
    payments: dict[UUID, Payment] = rows(Payment, "payment", "reversal")
    steps, names = steps_of(org, activities.values()), names_of(activities.values())
    came = came_of(org, whose.customer, activities) if activities else {}
    settled = _settled(org, ids(moments, "payment"))
    issued = _issued(org, whose, rows(Invoice, "issued"))
    refunds = rows(Refund, "refund", select=["payment"])
    notes = rows(CreditNote, "credit_note")
    entries = rows(Entry, "entry", select=["installment__invoice"])
    holds = rows(Hold, "hold", "release", select=["invoice", "installment__invoice"])
    disputes = rows(Dispute, "dispute", "dispute_end", select=["invoice"])
    promises = rows(Promise, "promise", "promise_end")
    plans = rows(Plan, "plan", "plan_end")
    extensions = rows(Extension, "extension", select=["installment__invoice"])
    records = rows(Record, "record")

    say: Mapping[str, Callable[[UUID], Said]] = {
        "activity": lambda key: contact(activities[key], steps, names, came.get(key)),
        "payment": lambda key: _payment(payments[key], settled.get(key, [])),
        "reversal": lambda key: _reversal(payments[key]),
        "refund": lambda key: _refund(refunds[key]),
        "issued": lambda key: _documents(issued[key]),
        "credit_note": lambda key: _credit_note(notes[key]),
        "entry": lambda key: _entry(entries[key]),
        "hold": lambda key: _hold(holds[key]),
        "release": lambda key: _release(holds[key]),
        "dispute": lambda key: _dispute(disputes[key]),
        "dispute_end": lambda key: _dispute_end(disputes[key]),
        "promise": lambda key: _promise(promises[key]),
        "promise_end": lambda key: _promise_end(promises[key]),
        "plan": lambda key: _plan(plans[key]),
        "plan_end": lambda key: _plan_end(plans[key]),
        "extension": lambda key: _extension(extensions[key]),
        "record": lambda key: _record(records[key]),
    }
    found = []
    for moment in moments:
        local = timezone.localtime(moment.at)
        found.append(Event(moment.at, local.time() != datetime.min.time(), say[moment.kind](moment.id)))
    return found


def _settled(org: UUID, payment_ids: set[UUID]) -> dict[UUID, list[Allocation]]:
    found: dict[UUID, list[Allocation]] = {}
    for allocation in allocations_of(org, payment_ids) if payment_ids else ():
        found.setdefault(allocation.payment_id, []).append(allocation)
    return found


def _issued(org: UUID, whose: Whose, first: Mapping[UUID, Invoice]) -> dict[UUID, list[Invoice]]:
    """The documents of the days that the given ones stand for."""
    days: dict[date, list[Invoice]] = {invoice.issued_on: [] for invoice in first.values()}
    if days:
        mine = Invoice.objects.filter(organization_id=org, customer_id=whose.customer, withdrawn_on=None)
        for invoice in mine.filter(issued_on__in=days).order_by("number_key", "id"):
            days[invoice.issued_on].append(invoice)
    return {key: days[invoice.issued_on] for key, invoice in first.items()}


def _payment(payment: Payment, settled: Sequence[Allocation]) -> Said:
    title = _("Payment of {amount}").format(amount=coded(payment.amount, payment.currency))
    numbers = _numbers([allocation.installment.invoice.number for allocation in settled])
    late = max((days_past_due(each.installment.due_on, payment.received_on) for each in settled), default=0)
    text = ""
    if numbers and late > 0:
        text = (
            ngettext("Applied to {numbers}, {n} day late.", "Applied to {numbers}, {n} days late.", late)
            if len(settled) == 1
            else ngettext(
                "Applied to {numbers}, up to {n} day late.", "Applied to {numbers}, up to {n} days late.", late
            )
        )
        text = text.format(numbers=numbers, n=formats.number(late))
    elif numbers:
        text = _("Applied to {numbers}.").format(numbers=numbers)
    if payment.unapplied:
        left = _("{amount} on account.").format(amount=coded(payment.unapplied, payment.currency))
        text = f"{text} {left}".strip()
    if payment.reversed_on:
        text = _("It was reversed later.")
    return Said("cash", title, text=text, page="payment", key=payment.id)


def _reversal(payment: Payment) -> Said:
    title = _("Payment of {amount} reversed").format(amount=coded(payment.amount, payment.currency))
    return Said("arrow-back-up", title, text=payment.reversal_reason, page="payment", key=payment.id)


def _refund(refund: Refund) -> Said:
    title = _("{amount} given back").format(amount=coded(refund.amount, refund.payment.currency))
    return Said("arrow-back-up", title, text=refund.reason, page="payment", key=refund.payment_id)


def _documents(invoices: Sequence[Invoice]) -> Said:
    numbers = _numbers([invoice.number for invoice in invoices])
    title = ngettext("Invoice {numbers} issued", "Invoices {numbers} issued", len(invoices)).format(numbers=numbers)
    totals: dict[str, Any] = {}
    for invoice in invoices:
        totals[invoice.currency] = totals.get(invoice.currency, 0) + invoice.amount
    amounts = formats.listed([coded(amount, currency) for currency, amount in sorted(totals.items())])
    only = invoices[0]
    text = f"{amounts}. {only.description}" if len(invoices) == 1 and only.description else amounts
    return Said("file-invoice", title, text=text, page="invoice", key=only.id)


def _credit_note(note: CreditNote) -> Said:
    amount = coded(note.amount, note.currency)
    return Said(
        "file-minus", _("Credit note {number} of {amount}").format(number=note.number, amount=amount), text=note.reason
    )


def _entry(entry: Entry) -> Said:
    what = labels.label("entry", entry.kind)
    if entry.reverses_id:
        what = _("{what} reversed").format(what=what)
    invoice = entry.installment.invoice
    rest = _("{amount} on {number}").format(amount=coded(abs(entry.amount), entry.currency), number=invoice.number)
    return Said("adjustments", what, rest=rest, text=entry.memo, page="invoice", key=invoice.id)


def _hold(hold: Hold) -> Said:
    until = (
        _("Until {day}.").format(day=formats.long_date(hold.until_on)) if hold.until_on else _("Until it is lifted.")
    )
    text = " ".join(part for part in (until, hold.note) if part)
    title = labels.label("hold", hold.reason)
    return Said(
        "player-pause", pgettext("history", "Pause"), rest=f"{title}, {scope(hold)}", text=text, who=hold.created_by
    )


def _dispute(dispute: Dispute) -> Said:
    what = _("{number}, {amount}: {reason}").format(
        number=dispute.invoice.number,
        amount=coded(dispute.amount, dispute.currency),
        reason=disputes_words.reason(dispute.reason).lower(),
    )
    return Said(
        "message", _("Dispute"), rest=what, text=dispute.said, who=dispute.opened_by, page="dispute", key=dispute.id
    )


def _dispute_end(dispute: Dispute) -> Said:
    what = f"{disputes_words.state(dispute.state)}, {dispute.invoice.number}"
    if dispute.granted:
        what = f"{what}, {coded(dispute.granted, dispute.currency)}"
    who = dispute.resolved_by
    return Said("circle-check", _("Dispute"), rest=what, text=dispute.why, who=who, page="dispute", key=dispute.id)


def _promise(promise: Promise) -> Said:
    what = _("{amount} promised for {day}").format(
        amount=coded(promise.amount, promise.currency), day=formats.long_date(promise.promised_for)
    )
    text = f"{promise.made_by}: {promise.note}" if promise.made_by and promise.note else promise.note or promise.made_by
    return Said("calendar-check", what, text=text, who=promise.recorded_by, page="promise", key=promise.id)


def _promise_end(promise: Promise) -> Said:
    what = pgettext("history", "Promise of {amount}").format(amount=coded(promise.amount, promise.currency))
    state = promise_words.state(promise.state).lower()
    paid = _("{amount} was paid for it.").format(amount=coded(promise.paid, promise.currency)) if promise.paid else ""
    return Said("calendar-check", what, rest=state, text=paid, page="promise", key=promise.id)


def _plan(plan: Plan) -> Said:
    what = f"{plan.number}, {coded(plan.principal + plan.interest - plan.discount, plan.currency)}"
    return Said(
        "calendar-check",
        plan_words.kind(plan.kind),
        rest=what,
        text=plan.reason,
        who=plan.recorded_by,
        page="plan",
        key=plan.id,
    )


def _plan_end(plan: Plan) -> Said:
    what = f"{plan.number}, {plan_words.state(plan.state).lower()}"
    text = plan_words.ended_why(plan.ended_why)
    return Said("calendar-check", plan_words.kind(plan.kind), rest=what, text=text, page="plan", key=plan.id)


def _extension(extension: Extension) -> Said:
    number, day = extension.installment.invoice.number, formats.long_date(extension.to_due)
    what = _("{invoice}, until {day}").format(invoice=number, day=day)
    return Said(
        "calendar-check",
        pgettext("history", "Extension"),
        rest=f"{what}, {extension_words.state(extension.state).lower()}",
        text=extension.reason,
        who=extension.recorded_by,
        page="invoice",
        key=extension.installment.invoice_id,
    )


def _release(hold: Hold) -> Said:
    title = labels.label("hold", hold.reason)
    return Said("player-play", _("Pause lifted"), rest=f"{title}, {scope(hold)}", who=hold.released_by)


def scope(hold: Hold) -> str:
    """What a hold holds: the whole customer, a document, or a part of it. Its invoice or installment has to be at hand."""
    invoice = hold.invoice or (hold.installment.invoice if hold.installment else None)
    if invoice is None:
        return _("the whole customer")
    if hold.amount is None:
        return str(invoice.number)
    return _("{amount} of {number}").format(amount=coded(hold.amount, invoice.currency), number=invoice.number)


def _record(record: Record) -> Said:
    detail = record.detail
    match record.action:
        case "customer.set_handling":
            what, rest = _("Handling"), labels.label("handling", detail["after"])
        case "party.set_status":
            what, rest = _("Status"), labels.label("status", detail["after"])
        case "person.add":
            what, rest = _("New contact"), detail["name"]
        case "person.change":
            what, rest = _("Contact changed"), detail["name"]
        case "person.end":
            what, rest = _("Contact ended"), detail["name"]
        case "contact_point.add":
            what, rest = _("New way to reach them"), spaced(detail["value"])
        case "contact_point.retire":
            what, rest = _("No longer used"), spaced(detail["value"])
        case _:
            consent = labels.label("consent", "granted" if detail["granted"] else "withdrawn")
            what, rest = consent, spaced(detail["value"])
    return Said("user-edit", what, rest=rest, text=record.why or detail.get("source", ""), who=record.actor_name)


def _numbers(numbers: Sequence[str]) -> str:
    """F001-1, F001-2 and 3 more."""
    unique = list(dict.fromkeys(numbers))
    if len(unique) > 4:
        rest = len(unique) - 3
        more = ngettext("{n} more", "{n} more", rest).format(n=formats.number(rest))
        return formats.listed([*unique[:3], more])
    return formats.listed(unique)

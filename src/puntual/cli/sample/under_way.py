"""What is under way on the day the sample is opened: answers nobody has read, calls agreed for today, objections, somebody else
who collects, an experiment, notes for colleagues. Each page of a working day then has something to do.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email.message import EmailMessage
from functools import partial
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from puntual.agreements.promises.actions import promise
from puntual.analytics.alerts.actions import raise_alerts
from puntual.audit.actions import Actor
from puntual.disputes.actions import add_evidence, open_dispute
from puntual.kernel.problems import Problem
from puntual.outreach.actions import record_contact, record_result
from puntual.outreach.answers.landing import land
from puntual.outreach.models import Activity
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import ContactPoint, Creditor, Customer
from puntual.payments.actions import record_payment
from puntual.payments.claims.actions import claim_payment
from puntual.placements.actions import agree_commission, place, record_agency_entry
from puntual.receivables.models import Hold, Installment
from puntual.strategies.experiment_actions import Design, begin_experiment
from puntual.strategies.models import Strategy
from puntual.tenancy.scope import acting_for

By = Callable[..., Actor]
"""Somebody of the team on a day, at an hour: `by(day, at, email)`."""

_ANSWERS = (
    "Buenas tardes:\n\nLa transferencia sale el viernes con la corrida de la semana. Les mando la constancia ese día.\n",
    "Hola:\n\nLa factura no trae el número de la orden de compra y así no la podemos registrar. ¿La pueden corregir?\n",
    "Buenos días, ya pagamos esta factura la semana pasada. Adjunto mañana la constancia.\n\nSaludos,\nTesorería\n",
)


class _Objection(NamedTuple):
    """What a customer objected to so many days ago: all of an invoice, or so much of it in percent."""

    days_ago: int
    reason: str
    percent: int | None
    said: str


_OBJECTIONS = (
    _Objection(9, "quality", 25, "Uno de los perfiles presentados no tenía la experiencia pedida."),
    _Objection(4, "price", 15, "La tarifa acordada en la propuesta era menor."),
    _Objection(
        1, "order_number", None, "Falta el número de la orden de compra; sin él no pueden registrar la factura."
    ),
)


def leave_under_way(by: By, last: date, coming: date, *, collector: str) -> None:
    """Leave open what a team leaves open on its `last` working day; `coming` is the next one."""
    owner, julio = by(last, time(17, 45)), by(last, time(16, 15), collector)
    _place_the_oldest(by(last - timedelta(days=20)))
    _try_a_week_more(by(last - timedelta(days=60)))
    _mail(by(last, time(18, 20)))
    items = iter(_late(julio))
    for objection, item in zip(_OBJECTIONS, items, strict=False):
        _object(by(last - timedelta(days=objection.days_ago), time(11), collector), item, objection)
    once = (
        partial(_write_to_each_other, owner, julio),
        partial(_say_it_is_paid, by(last, time(19, 5))),
        partial(_pay_on_account, owner),
        partial(_lower_a_limit, owner),
    )
    for what, item in zip(once, items, strict=False):
        what(item)
    for item in islice(items, 2):
        promise(
            julio,
            item.customer_id,
            currency=item.currency,
            promised_for=coming,
            item_ids=[item.id],
            note="Firma hoy la gerencia; transfieren a primera hora.",
        )
    raise_alerts(owner)


def agree_on_hours(by: Actor, calls: Sequence[Activity], coming: date) -> list[Activity]:
    """Two of the customers ask to be called again on the next day of work, at eleven and at four. Returns the calls left."""
    left, hours = list[Activity](), [time(11), time(16)]
    for call in calls:
        if call.channel == "call" and hours:
            again = datetime.combine(coming, hours[0], ZoneInfo("America/Lima"))
            try:
                record_result(
                    by, call, "reached_call_back", "Está en reunión; pidió que llamemos a esa hora.", again_at=again
                )
            except Problem:  # nobody there may be called now, or at that hour
                left.append(call)
            else:
                hours.pop(0)
        else:
            left.append(call)
    return left


def _late(by: Actor) -> list[Installment]:
    """What is late, the oldest first, one item of each customer, of the collector's customers that nothing is agreed with."""
    with acting_for(by.organization_id):
        held = Hold.objects.filter(released_on=None).values("customer_id")
        rows = (
            Installment.objects.filter(open_amount__gt=0, expected_deduction=0, due_on__lt=by.today - timedelta(days=5))
            .exclude(customer__owner=None)
            .exclude(customer_id__in=held)
        )
        return list({item.customer_id: item for item in rows.order_by("due_on", "id")}.values())


def _mail(by: Actor) -> None:
    """Answers to the last messages that went out; the last one does not say to which, so a person says whose it is."""
    with acting_for(by.organization_id):
        to = Creditor.objects.get().email
        sent = Activity.objects.filter(
            state="sent", channel="email", customer_id__in=[i.customer_id for i in _late(by)]
        )
        written = {one.customer_id: one for one in sent.order_by("id")}
        addresses = {
            point.customer_id: point.value
            for point in ContactPoint.objects.filter(kind="email", customer_id__in=list(written)).order_by("-id")
        }
    latest = sorted((one for key, one in written.items() if key in addresses), key=lambda one: one.id, reverse=True)
    for activity, text in zip(latest, _ANSWERS, strict=False):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Date"] = addresses[activity.customer_id], to, by.now
        mail["Subject"], mail["Message-ID"] = f"Re: {activity.subject}", f"<{activity.id}@cliente.example>"
        if text != _ANSWERS[-1]:
            mail["In-Reply-To"] = activity.message_id
        mail.set_content(text)
        land(by, mail.as_bytes())


def _object(by: Actor, item: Installment, one: _Objection) -> None:
    part = (item.open_amount * one.percent / 100).quantize(Decimal("0.01")) if one.percent else None
    made = open_dispute(by, item.invoice_id, reason=one.reason, amount=part, said=one.said, source="contact")
    add_evidence(by, made.id, "correo del cliente.txt", f"{one.said}\n".encode(), theirs=True)


def _say_it_is_paid(by: Actor, item: Installment) -> None:
    claim_payment(
        by,
        item.customer_id,
        currency=item.currency,
        amount=item.open_amount,
        paid_on=by.today,
        bank="Banco del Litoral",
        said_by="Tesorería",
        item_ids=[item.id],
    )


def _pay_on_account(by: Actor, item: Installment) -> None:
    """A customer paid an amount and did not say for what: credit that waits to be applied."""
    record_payment(
        by,
        customer_id=item.customer_id,
        reference=f"00{item.due_on:%y%m%d}17",
        received_on=by.today,
        currency=item.currency,
        amount=(item.open_amount / 2).quantize(Decimal("0.01")),
        oldest_first=False,
        memo="A cuenta",
    )


def _place_the_oldest(by: Actor) -> None:
    """The oldest debt went to an agency three weeks ago; it has collected a part and paid it over, less its commission."""
    item = next(iter(_late(by)), None)
    if item is None:
        return
    placed = place(
        by,
        item.customer_id,
        "agency",
        "Recuperos del Sur",
        why="No contesta desde hace dos meses.",
        handed_over={item.currency: item.open_amount},
    )
    if placed.agency_id:
        agree_commission(by, placed.agency_id, Decimal(12))
        record_agency_entry(by, placed.agency_id, "remitted", Decimal("880.00"), item.currency, on=by.today)


def _try_a_week_more(by: Actor) -> None:
    """Whether a week more before the first firm word costs anything: an experiment that runs."""
    with acting_for(by.organization_id):
        strategy = Strategy.objects.get()
    design = Design("Una semana más", by.today, by.today + timedelta(days=120), holdback_share=20, holdback_days=7)
    begin_experiment(by, design, strategy)


def _write_to_each_other(owner: Actor, julio: Actor, item: Installment) -> None:
    with acting_for(owner.organization_id):
        customer = Customer.objects.get(id=item.customer_id)
    for by, note in (
        (owner, "@Julio: renuevan contrato en enero. Con calma, pero que quede un día."),
        (julio, "@Carmen: piden pagar en cuatro partes; pasa mi límite. ¿Lo vemos?"),
    ):
        record_contact(by, customer, channel="internal", direction="out", note=note)


def _lower_a_limit(by: Actor, item: Installment) -> None:
    keep_limit(
        by,
        item.customer_id,
        currency=item.currency,
        amount=(item.open_amount / 2).quantize(Decimal(100)),
        reason="Cambió de dueño; se revisa al cerrar el año.",
    )

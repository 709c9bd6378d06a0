"""For how long personal content is kept, and forgetting it: off until somebody turns it on, and never while anything is open.

What is forgotten are words, files, people and addresses. That something was said, when, by which channel and with which result
stays, and so does the ledger: books have periods of their own.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.conduct.packs import pack_for
from puntual.conduct.rules import Duty, Rule
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import is_country
from puntual.outreach.limitations import time_barred_losses
from puntual.outreach.record.models import Forgotten, LegalHold, Retention
from puntual.parties.models import Customer
from puntual.tenancy.scope import acting_for

MOST_MONTHS = 600
AT_ONCE = 200
"""Customers forgotten in one transaction."""

_WHOSE = "SELECT * FROM outreach_forgettable(%(countries)s, %(others)s, %(before)s, %(today)s, %(barred)s::uuid[])"
_COUNT = f"""
WITH whose AS MATERIALIZED ({_WHOSE})
SELECT (SELECT count(*) FROM whose),
       (SELECT count(*) FROM outreach_activity WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose)),
       (SELECT count(*) FROM outreach_answer WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose)),
       (SELECT count(*) FROM outreach_keptfile WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose))
       + (SELECT count(*) FROM outreach_customerfile
          WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose)),
       (SELECT count(*) FROM parties_person WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose)),
       (SELECT count(*) FROM parties_contactpoint WHERE organization_id = %(org)s AND customer_id IN (SELECT * FROM whose))
"""
_FORGET = """
SELECT customer_id FROM outreach_forget(%(retention)s, %(before)s, %(today)s, %(now)s, %(barred)s::uuid[], %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What would be forgotten today: of how many customers, how many contacts, answers, files, people and addresses."""

    customers: int
    contacts: int
    answers: int
    files: int
    people: int
    points: int


def required(country: str) -> Rule | None:
    """The rule by which a country's law wants the log of contacts kept for some time; None where none is known to us."""
    if not country:
        return None
    pack = pack_for(country)
    found = (
        rule for rule in pack.rules if isinstance(rule.value, Duty) and rule.value.code == "keep_log" and rule.is_law
    )
    return next(found, None)


def required_months(rule: Rule) -> int:
    """For how many months it wants the log kept."""
    return 12 * dict(rule.value.params)["years"] if isinstance(rule.value, Duty) else 0


def before(months: int, today: date) -> date:
    """The day before which the last thing must have happened."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def preview(organization_id: UUID, country: str, months: int, today: date) -> Counted:
    """What a period would forget if it were on today. Nothing is written. Inside `acting_for`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(organization_id, country, months, today))
        return Counted(*cursor.fetchone())


def _asked(organization_id: UUID, country: str, months: int, today: date) -> dict[str, Any]:
    own = Retention.objects.filter(organization_id=organization_id).exclude(country="")
    return {
        "org": organization_id,
        "countries": [country] if country else list(own.values_list("country", flat=True)),
        "others": not country,
        "before": before(months, today),
        "today": today,
        "barred": time_barred_losses(organization_id, today),
    }


def set_retention(by: Actor, country: str, *, months: int, reason: str) -> Retention:
    """Say for how long, and why; `country` "" is for all without a period of their own. A changed one has to be turned on anew.

    Raises Problem for an unknown country, a period out of reach, and without a reason.
    """
    if country and not is_country(country):
        raise Problem(
            N_("“{country}” is not a country code. Use two letters such as PE, CL or ES (ISO 3166-1)."), country=country
        )
    if not 1 <= months <= MOST_MONTHS:
        raise Problem(N_("Give a number of months from 1 to {most}."), most=MOST_MONTHS)
    if not reason.strip():
        raise Problem(N_("Say why this long, for whoever asks one day."))
    with action(by, "retention.set", why=reason.strip(), country=country, months=months) as log:
        values = {"months": months, "reason": reason.strip(), "changed_at": by.now, "changed_by": by.name}
        own = Retention.objects.select_for_update().filter(organization_id=by.organization_id, country=country).first()
        log.say(before=own.months if own else None, was_on=own.active if own else False)
        found, _new = Retention.objects.update_or_create(
            organization_id=by.organization_id, country=country, defaults={**values, "active": False}
        )
        log.about(found)
    return found


def turn_retention(by: Actor, retention_id: UUID, *, on: bool) -> Retention:
    """Let a period forget from now on, or no more. Raises Retention.DoesNotExist."""
    with action(by, "retention.turn", on=on) as log:
        found = _retention(by, retention_id)
        log.about(found)
        log.say(country=found.country, months=found.months)
        found.active, found.changed_at, found.changed_by = on, by.now, by.name
        found.save(update_fields=["active", "changed_at", "changed_by"])
    return found


def remove_retention(by: Actor, retention_id: UUID) -> None:
    """There is no period of its own for the country any more. Raises Retention.DoesNotExist."""
    with action(by, "retention.remove") as log:
        found = _retention(by, retention_id)
        log.about(found)
        log.say(country=found.country, months=found.months)
        found.delete()


def place_legal_hold(by: Actor, customer: Customer, reason: str) -> LegalHold:
    """Nothing about the customer is forgotten until it is lifted. Raises Problem without a reason, and where one is placed."""
    if not reason.strip():
        raise Problem(N_("Say for which matter it has to be kept."))
    with action(by, "legal_hold.place", about=customer, why=reason.strip()):
        Customer.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, pk=customer.pk)
        if legal_hold(customer):
            raise Problem(N_("It is kept already. Lift that first."))
        return LegalHold.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            reason=reason.strip(),
            placed_at=by.now,
            placed_by=by.name,
        )


def lift_legal_hold(by: Actor, customer: Customer) -> None:
    """What is past its time may be forgotten again. Where none is placed nothing happens."""
    with action(by, "legal_hold.lift", about=customer):
        holds = LegalHold.objects.filter(organization_id=by.organization_id, customer=customer, lifted_at=None)
        holds.update(lifted_at=by.now, lifted_by=by.name)


def legal_hold(customer: Customer) -> LegalHold | None:
    """Why nothing about a customer is forgotten, or None."""
    holds = LegalHold.objects.filter(organization_id=customer.organization_id, customer=customer, lifted_at=None)
    return holds.first()


def forgotten(customer: Customer) -> Forgotten | None:
    """When personal content about a customer was last forgotten, or None."""
    rows = Forgotten.objects.filter(organization_id=customer.organization_id, customer=customer)
    return rows.order_by("-forgotten_at").first()


def forget_due(by: Actor) -> int:
    """Forget what is past the periods that are on, some customers per transaction; returns of how many."""
    with acting_for(by.organization_id):
        periods = list(Retention.objects.filter(organization_id=by.organization_id, active=True).order_by("country"))
    total = 0
    for own in periods:
        while gone := _some(by, own):
            total += gone
    return total


def _some(by: Actor, own: Retention) -> int:
    with acting_for(by.organization_id), connection.cursor() as cursor:
        asked = _asked(by.organization_id, own.country, own.months, by.today)
        cursor.execute(f"{_WHOSE} LIMIT 1", asked)
        if cursor.fetchone() is None:
            return 0
        with action(by, "retention.forget", about=own, months=own.months, country=own.country) as log:
            cursor.execute(_FORGET, {**asked, "retention": own.pk, "now": by.now, "most": AT_ONCE})
            customers = [row[0] for row in cursor]
            log.say(customers=customers)
        return len(customers)


def _retention(by: Actor, retention_id: UUID) -> Retention:
    return Retention.objects.select_for_update().get(organization_id=by.organization_id, pk=retention_id)

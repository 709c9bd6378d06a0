"""Actions on customers' credit applications. Callers import them from `credit.actions`."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from puntual.agreements.guardrails import reaches
from puntual.agreements.terms.actions import change_terms
from puntual.audit.actions import Actor, action
from puntual.disputes.evidence import document_of
from puntual.kernel.money import is_currency, quantum
from puntual.kernel.problems import N_, Problem
from puntual.parties.credit.actions import keep_limit
from puntual.parties.models import CreditLimit, Customer
from puntual.strategies.credit.models import CreditApplication, CreditDocument
from puntual.strategies.credit.policy import MOST_DAYS, excess, rule_to_content, who_decides
from puntual.strategies.credit.queries import (
    documents_of,
    in_force,
    ledger_facts,
    missing,
    policy_of,
    rule_now,
    rule_of,
)

MOST_FILES = 40
"""Of one application."""


class NotYours(Problem):
    """Somebody of a role with more authority decides it."""


def apply_for_credit(
    by: Actor,
    customer_id: UUID,
    *,
    currency: str,
    limit: Decimal | None,
    terms_days: int | None,
    asked_by: str,
    asked_on: date | None = None,
    note: str = "",
) -> CreditApplication:
    """Write down what a customer asks for: a limit, days to pay, or both. The rule that counts today counts for it.

    Raises Customer.DoesNotExist; Problem where no policy is in force, nothing is asked for, somebody else's application in the
    currency still waits, or what is asked for cannot be meant.
    """
    day = asked_on or by.today
    _check_asked(currency, limit, terms_days, asked_by)
    if day > by.today:
        raise Problem(N_("{day} is still to come. Give the day it was asked for."), day=day)
    with action(by, "credit.apply", currency=currency, limit=limit, terms=terms_days) as log:
        customer = Customer.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, id=customer_id
        )
        version = in_force(by.organization_id)
        if version is None:
            raise Problem(N_("No credit policy is in force. Write one under Settings, and put it into force."))
        mine = CreditApplication.objects.filter(organization_id=by.organization_id, customer=customer)
        if mine.filter(state=CreditApplication.State.OPEN, currency=currency).exists():
            raise Problem(N_("An application in {currency} waits already. Decide it first."), currency=currency)
        made = CreditApplication.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            policy=version,
            rule=rule_to_content(rule_now(by.organization_id, customer.id, by.today, policy_of(version))),
            currency=currency,
            asked_limit=limit,
            asked_terms=terms_days,
            asked_by=asked_by.strip(),
            asked_on=day,
            note=note.strip(),
            recorded_at=by.now,
            recorded_by=by.name,
        )
        log.about(made)
    return made


def receive_document(
    by: Actor, application_id: UUID, document: str, *, name: str = "", content: bytes = b"", note: str = ""
) -> CreditDocument:
    """Keep a document of an open application, or note that it was seen where there is no file.

    Raises CreditApplication.DoesNotExist, Problem for a file nobody should keep and for a decided application.
    """
    if not document.strip():
        raise Problem(N_("Say which document it is."))
    if not content and not note.strip():
        raise Problem(N_("Attach the file, or say who saw it and where it is kept."))
    kept = document_of(name, content) if content else None
    with action(by, "credit.receive_document", document=document.strip()) as log:
        found = _open(by, application_id)
        log.about(found)
        mine = CreditDocument.objects.filter(organization_id=by.organization_id, application=found)
        if mine.count() >= MOST_FILES:
            raise Problem(N_("There are {most} files already. Put more of them into one."), most=MOST_FILES)
        log.say(digest=kept.digest if kept else None)
        return CreditDocument.objects.create(
            organization_id=by.organization_id,
            application=found,
            document=document.strip()[:100],
            name=kept.name if kept else "",
            kind=kept.kind if kept else "",
            digest=kept.digest if kept else "",
            size=len(content),
            content=content or None,
            note=note.strip()[:200],
            received_at=by.now,
            received_by=by.name,
        )


def grant_credit(
    by: Actor,
    application_id: UUID,
    *,
    role: str,
    limit: Decimal | None,
    terms_days: int | None,
    reason: str,
    valid_until: date | None = None,
) -> CreditApplication:
    """Grant what was asked for, or less of it, as a member in `role`: the limit and the terms hold from today.

    Without `valid_until` it is looked at again after the rule's months. Raises CreditApplication.DoesNotExist; NotYours; Problem
    where nothing is granted, more than was asked for, or without a reason.
    """
    with action(by, "credit.grant", limit=limit, terms=terms_days, why=reason.strip()) as log:
        found = _open(by, application_id)
        log.about(found)
        _check_granted(found, limit, terms_days, reason)
        rule = rule_of(found)
        received = documents_of(by.organization_id, [found.id])
        passed = excess(rule, found.currency, limit, terms_days, missing(found, list(received)))
        least = who_decides(rule, found.currency, limit, passed)
        if not reaches(role, least):
            raise NotYours(_DECIDES[least])
        until = valid_until or months_after(by.today, rule.review_months)
        less = (limit, terms_days) != (found.asked_limit, found.asked_terms)
        state = CreditApplication.State.PARTLY if less else CreditApplication.State.APPROVED
        found.granted_limit, found.granted_terms, found.valid_until = limit, terms_days, until
        found.beyond = [{"what": one.what, "allowed": one.allowed, "asked": one.asked} for one in passed]
        _decided(by, found, state, reason)
        log.say(beyond=found.beyond, valid_until=until, state=found.state)
        _let_hold(by, found)
    return found


def refuse_credit(by: Actor, application_id: UUID, *, role: str, reason: str) -> CreditApplication:
    """Grant nothing, with the reason. What held before goes on. Raises as `grant_credit`."""
    if not reason.strip():
        raise Problem(N_("Say why: the customer has a right to hear it, and it stays on record."))
    with action(by, "credit.refuse", why=reason.strip()) as log:
        found = _open(by, application_id)
        log.about(found)
        least = who_decides(rule_of(found), found.currency, found.asked_limit, ())
        if not reaches(role, least):
            raise NotYours(_DECIDES[least])
        _decided(by, found, CreditApplication.State.REFUSED, reason)
    return found


def withdraw_application(by: Actor, application_id: UUID, *, why: str) -> CreditApplication:
    """The customer does not ask for it any more. Raises CreditApplication.DoesNotExist, Problem without a reason."""
    if not why.strip():
        raise Problem(N_("Say why it is taken back: it stays on record."))
    with action(by, "credit.withdraw", why=why.strip()) as log:
        found = _open(by, application_id)
        log.about(found)
        _decided(by, found, CreditApplication.State.WITHDRAWN, why)
    return found


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_DECIDES = {
    "collector": N_("A collector, a manager or an owner decides this. Ask one of them."),
    "manager": N_("A manager or an owner decides this: it is above what a collector may grant. Ask one of them."),
    "owner": N_("An owner decides this: it is above everybody else's amount, or beyond the policy."),
}


def _let_hold(by: Actor, found: CreditApplication) -> None:
    """The limit and the terms that were granted."""
    if found.granted_limit is not None:
        keep_limit(
            by,
            found.customer_id,
            currency=found.currency,
            amount=found.granted_limit,
            reason=found.reason,
            source=CreditLimit.Source.APPLICATION,
            source_id=found.id,
            valid_until=found.valid_until,
        )
    terms = Customer.objects.values_list("terms_days", flat=True).get(
        organization_id=by.organization_id, id=found.customer_id
    )
    if found.granted_terms is not None and found.granted_terms != terms:
        change_terms(
            by,
            found.customer_id,
            effective_on=by.today,
            terms_days=found.granted_terms,
            reason=found.reason,
            consent_ours=by.name,
            consent_theirs=found.asked_by,
            evidence=gettext("Credit application of {day}").format(day=found.asked_on.isoformat()),
        )


def _decided(by: Actor, found: CreditApplication, state: str, reason: str) -> None:
    found.facts = ledger_facts(by.organization_id, found.customer_id, by.today)
    found.state, found.reason = state, reason.strip()
    found.decided_on, found.decided_at, found.decided_by = by.today, by.now, by.name
    found.save()


def _check_asked(currency: str, limit: Decimal | None, terms_days: int | None, asked_by: str) -> None:
    if limit is None and terms_days is None:
        raise Problem(N_("Write what is asked for: a limit, days to pay, or both."))
    if not asked_by.strip():
        raise Problem(N_("Say who asks for it."))
    if not is_currency(currency):
        raise Problem(N_("“{currency}” is no currency."), currency=currency)
    if limit is not None and (limit <= 0 or limit != limit.quantize(quantum(currency))):
        raise Problem(N_("Give an amount in {currency} above zero."), amount=limit, currency=currency)
    if terms_days is not None and not 0 <= terms_days <= MOST_DAYS:
        raise Problem(N_("Give from 0 to {most} days."), most=MOST_DAYS)


def _check_granted(found: CreditApplication, limit: Decimal | None, terms_days: int | None, reason: str) -> None:
    if not reason.strip():
        raise Problem(N_("Say why: the customer has a right to hear it, and it stays on record."))
    if limit is None and terms_days is None:
        raise Problem(N_("Nothing is granted so. Refuse the application instead, with the reason."))
    above = limit is not None and (found.asked_limit is None or limit > found.asked_limit)
    longer = terms_days is not None and (found.asked_terms is None or terms_days > found.asked_terms)
    if above or longer:
        raise Problem(N_("Grant no more than was asked for. More is another application."))
    if limit is not None and (limit < 0 or limit != limit.quantize(quantum(found.currency))):
        raise Problem(N_("Give an amount in {currency} above zero."), amount=limit, currency=found.currency)


def _open(by: Actor, application_id: UUID) -> CreditApplication:
    rows = CreditApplication.objects.select_for_update(of=("self",))
    found = rows.get(organization_id=by.organization_id, pk=application_id)
    if found.state != CreditApplication.State.OPEN:
        raise Problem(N_("This was decided already. Load the page again."))
    return found

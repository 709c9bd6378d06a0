"""The sample's credit policy, what some customers owe at most, and two applications: one decided, one that waits."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.parties.credit.actions import keep_limit
from puntual.strategies.credit.actions import (
    activate_policy,
    apply_for_credit,
    grant_credit,
    make_policy_draft,
    put_rule,
    receive_document,
)
from puntual.strategies.credit.policy import EVERYBODY, Rule

_RULE = Rule(
    EVERYBODY,
    30,
    {"PEN": Decimal(80000), "USD": Decimal(20000)},
    ("Ficha RUC", "Estados financieros del último año", "Dos referencias comerciales"),
    {
        "collector": {"PEN": Decimal(5000)},
        "manager": {"PEN": Decimal(40000), "USD": Decimal(10000)},
    },
    12,
)
_LIMITS = (Decimal(30000), Decimal(50000), Decimal(80000))


def grant_some_credit(by: Actor, customers: Sequence[UUID]) -> None:
    """A policy in force for two months, limits for every third customer, an application that was granted in part and one open."""
    begun = by.on(by.today - timedelta(days=60), by.now - timedelta(days=60))
    draft = make_policy_draft(begun, name="Política de crédito", currency="PEN")
    put_rule(begun, draft.id, _RULE, replaces=EVERYBODY)
    activate_policy(begun, draft.id)
    for place, customer in enumerate(customers[::3]):
        until = by.today + timedelta(days=(place % 12) * 30 - 15)
        keep_limit(
            begun,
            customer,
            currency="PEN",
            amount=_LIMITS[place % len(_LIMITS)],
            reason="Límite inicial al poner en vigor la política",
            valid_until=max(until, begun.today),
        )
    for customer, asked, granted in (
        (customers[3], Decimal(15000), Decimal(10000)),
        (customers[9], Decimal(18000), None),
    ):
        made = apply_for_credit(
            by,
            customer,
            currency="PEN",
            limit=asked,
            terms_days=None,
            asked_by="Su gerencia de finanzas",
            asked_on=by.today - timedelta(days=4),
            note="Nuevo contrato de selección por seis meses.",
        )
        documents = _RULE.documents if granted else _RULE.documents[:1]
        for name in documents:
            receive_document(by, made.id, name, note="Original visto en la oficina")
        if granted:
            grant_credit(
                by,
                made.id,
                role="owner",
                limit=granted,
                terms_days=None,
                reason="Paga bien; subimos de a poco y lo revisamos al cumplir el contrato.",
            )

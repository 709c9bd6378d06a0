"""How the sample's team shares the work: who looks after whom, and what is aimed at this month."""

from decimal import Decimal
from uuid import UUID

from puntual.analytics.targets.actions import set_targets
from puntual.audit.actions import Actor
from puntual.strategies.portfolios.actions import apply_rules, store_rule
from puntual.tenancy.scope import acting_for


def share_the_work(by: Actor, collector: UUID) -> None:
    """Customers in Peru are the collector's, by rule; the others are whoever's is free."""
    store_rule(by, name="Perú", member_id=collector, countries=["PE"])
    with acting_for(by.organization_id):
        apply_rules(by)


def aim(by: Actor, collector: UUID) -> None:
    """What the collector is to reach this month."""
    set_targets(by, collector, by.today, collected={"PEN": Decimal(1800000)}, contacts=120, kept=60)

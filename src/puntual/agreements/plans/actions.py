"""The only writers of payment plans and settlements. Their homes go by subject."""

from puntual.agreements.plans.accepting import Yes, accept
from puntual.agreements.plans.agreeing import Manner, agree_plan, approve, expire, refuse, replan, withdraw
from puntual.agreements.plans.ending import break_plan
from puntual.agreements.plans.valuing import value

__all__ = [
    "Manner",
    "Yes",
    "accept",
    "agree_plan",
    "approve",
    "break_plan",
    "expire",
    "refuse",
    "replan",
    "value",
    "withdraw",
]

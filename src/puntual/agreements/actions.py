"""Everything that may be done about what was agreed: the one place other rooms import its verbs from."""

from puntual.agreements.approvals import decide
from puntual.agreements.extensions.actions import extend_many, grant_extension
from puntual.agreements.extensions.actions import withdraw as withdraw_extension
from puntual.agreements.plans.actions import accept as accept_plan
from puntual.agreements.plans.actions import agree_plan, break_plan, replan
from puntual.agreements.plans.actions import refuse as refuse_plan
from puntual.agreements.plans.actions import withdraw as withdraw_plan
from puntual.agreements.profiles.actions import record_finding
from puntual.agreements.terms.actions import change_terms, withdraw_terms

__all__ = [
    "accept_plan",
    "agree_plan",
    "break_plan",
    "change_terms",
    "decide",
    "extend_many",
    "grant_extension",
    "record_finding",
    "refuse_plan",
    "replan",
    "withdraw_extension",
    "withdraw_plan",
    "withdraw_terms",
]

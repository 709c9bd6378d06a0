"""A contact that was made, looked at again: which rules bore on it, and how each stood at that moment. Pure.

The gate answers before a contact, with the first rule that says no; this lists them all, for the report that proves conduct.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from puntual.conduct.gate import NO_HISTORY, ContactHistory, Subject, ends_of_weight, plan_for
from puntual.conduct.rules import NO_POLICY, Pack, Policy, Rule
from puntual.conduct.windows import openings, spans


class Check(NamedTuple):
    """How one rule stood: kept or not, the law here or not and, for a limit, how many contacts weighed already of how many."""

    rule: Rule
    kept: bool
    law: bool
    used: int | None = None
    times: int | None = None


def examine(
    pack: Pack,
    subject: Subject,
    channel: str,
    at: datetime,
    history: ContactHistory = NO_HISTORY,
    policy: Policy = NO_POLICY,
    *,
    authorized: bool = False,
) -> tuple[Check, ...]:
    """Every rule that bears on a contact by this channel at that moment, laws first; `history` is what came before it.

    All are kept exactly where `gate.may_contact` says yes. Raises what that raises.
    """
    plan = plan_for(pack, policy, channel, subject)
    if at.tzinfo is None:
        raise ValueError("a time without an offset says nothing about a customer's clock")
    moment, day = at.astimezone(UTC), at.astimezone(plan.zone).date()
    found = [Check(one.rule, False, one.law) for one in plan.never]
    found += [Check(one.rule, authorized, one.law) for one in plan.consent]
    for one, value in plan.timed:
        open_now = openings(spans(value, day, plan.calendar), day, plan.zone)
        found.append(Check(one.rule, any(start <= moment < end for start, end in open_now), one.law))
    for limit in plan.limits:
        used = len(ends_of_weight(limit, history, day, moment, plan.zone))
        found.append(Check(limit.applied.rule, used < limit.times, limit.applied.law, used, limit.times))
    return tuple(sorted(found, key=lambda check: not check.law))

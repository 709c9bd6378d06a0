"""Recompute what plans keep beside their items, parts and holds, and say where it differs. Reads only; set-based."""

from uuid import UUID

from puntual.receivables.verify import Difference, run_checks

# The principal is the sum of what is covered, to the cent, and the parts add up to what is to be paid.
_PLANS = """
    SELECT d.kind, p.id, d.expected::text, d.found::text
    FROM agreements_plan p
    LEFT JOIN (
        SELECT plan_id, sum(principal) AS principal FROM agreements_planitem
        WHERE organization_id = %(organization)s GROUP BY plan_id
    ) i ON i.plan_id = p.id
    LEFT JOIN (
        SELECT plan_id, sum(principal) AS principal, sum(interest) AS interest, sum(discount) AS discount
        FROM agreements_planpart WHERE organization_id = %(organization)s GROUP BY plan_id
    ) q ON q.plan_id = p.id
    CROSS JOIN LATERAL (VALUES
        ('plan_covers', p.principal, coalesce(i.principal, 0)),
        ('plan_principal', p.principal, coalesce(q.principal, 0)),
        ('plan_interest', p.interest, coalesce(q.interest, 0)),
        ('plan_discount', p.discount, coalesce(q.discount, 0))
    ) AS d(kind, expected, found)
    WHERE p.organization_id = %(organization)s AND d.expected <> d.found
"""
# What an active plan covers is held for it, once and with an end; what any other plan covers is not.
_HOLDS = """
    SELECT 'plan_hold', i.plan_id, CASE WHEN p.state = 'active' THEN '1 hold, held' ELSE '0 holds' END,
           coalesce(h.holds, 0) || CASE WHEN i.held THEN ' holds, held' ELSE ' holds' END
    FROM agreements_planitem i
    JOIN agreements_plan p ON p.organization_id = %(organization)s AND p.id = i.plan_id
    LEFT JOIN (
        SELECT source_id, installment_id, count(*) AS holds, bool_and(until_on IS NOT NULL) AS ends FROM receivables_hold
        WHERE organization_id = %(organization)s AND reason = 'plan' AND released_on IS NULL
        GROUP BY source_id, installment_id
    ) h ON h.source_id = i.plan_id AND h.installment_id = i.installment_id
    WHERE i.organization_id = %(organization)s
      AND (i.held <> (p.state = 'active') OR coalesce(h.holds, 0) <> CASE WHEN p.state = 'active' THEN 1 ELSE 0 END
           OR NOT coalesce(h.ends, true))
"""
CHECKS = {"plans": _PLANS, "plan_holds": _HOLDS}


def verify(organization_id: UUID) -> list[Difference]:
    """Where what is kept differs; an empty list is sound.

    Kinds, each of a plan: plan_covers, plan_principal, plan_interest, plan_discount, plan_hold.
    """
    return run_checks(organization_id, CHECKS.values())

"""Setting targets."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.analytics.targets.models import Target
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.queries import members_of

Kind = Target.Kind
_PERCENT = 100


def set_targets(
    by: Actor,
    member_id: UUID,
    month: date,
    *,
    collected: Mapping[str, Decimal],
    contacts: int | None = None,
    kept: int | None = None,
) -> None:
    """What a member is to reach in the month of a day: amounts by currency, conversations, percent of promises kept. It takes the
    place of what stood for that month; nothing given is no target.

    Raises Problem for who is no member, what is not above zero, and a percent above 100.
    """
    month = month.replace(day=1)
    goals = {(Kind.COLLECTED, currency): amount for currency, amount in collected.items()}
    goals |= {(kind, ""): Decimal(n) for kind, n in ((Kind.CONTACTS, contacts), (Kind.KEPT, kept)) if n is not None}
    for (kind, _currency), goal in goals.items():
        if goal <= 0 or (kind == Kind.KEPT and goal > _PERCENT):
            text = N_("A target is above zero, and a percent at most 100. Leave empty what is no target.")
            raise Problem(text, goal=goal)
    with action(by, "targets.set", member=member_id, month=month) as log:
        if member_id not in {one.user_id for one in members_of(by.organization_id, by.today)}:
            raise Problem(N_("This person is no longer a member. Choose another one."))
        Target.objects.filter(organization_id=by.organization_id, member=member_id, month=month).delete()
        Target.objects.bulk_create(
            Target(
                organization_id=by.organization_id,
                member_id=member_id,
                month=month,
                kind=kind,
                currency=currency,
                goal=goal,
            )
            for (kind, currency), goal in goals.items()
        )
        log.say(goals={f"{kind} {currency}".strip(): goal for (kind, currency), goal in goals.items()})

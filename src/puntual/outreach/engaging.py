"""Who is on the phone with whom: one person at a time, and no message meanwhile. Callers import the actions from `actions`."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Refused
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.approving import check_allowed, locked
from puntual.outreach.models import Activity, Engaged
from puntual.outreach.moments import is_invited, is_out_of_hours, sentence
from puntual.outreach.prepare import Prepared, prepare
from puntual.outreach.results import SPOKEN, said

ENGAGED_FOR = timedelta(minutes=20)
"""How long a call keeps the customer to itself where nobody says what came of it."""

RESERVED_FOR = timedelta(minutes=10)
"""How long whoever got a customer from the queue keeps it without saying anything of it."""

# The sender tries the same lock before it claims a message for the party; whoever comes second sees the first.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('party ' || %s, 0))"
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('party ' || %s, 0))"


def engage(by: Actor, activity: Activity) -> Engaged:
    """Say that one calls, visits or meets a customer now: until the result is recorded, or for `ENGAGED_FOR`, nobody else is to
    and no message leaves for the same party. Doing it again gives more time.

    Raises Problem where somebody else has the party, a message to it is leaving, conduct refuses this moment, or there is
    nothing left to speak about.
    """
    if activity.channel not in SPOKEN:
        raise Problem(N_("Only calls, visits and meetings are announced."))
    with action(by, "outreach.engage") as log:
        found = locked(by, activity, Activity.State.TO_DO)
        log.about(found)
        party = found.customer.party_id
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [str(party)])
        check_allowed(by, found.customer)
        _check_nobody_else(by, party)
        _check_may(by, found)
        return _keep(by, found, ENGAGED_FOR)


def reserve(by: Actor, activity: Activity) -> Engaged | None:
    """Keep the party of an activity for a person who is about to look at it, for `RESERVED_FOR`; None where another has it, or a
    message to it is leaving. The activity needs its customer. Part of the action that takes it; the party is locked: `try_lock`.
    """
    party = activity.customer.party_id
    other = engaged_with(by, [party]).get(party)
    if (other and other.user_id != by.user_id) or _is_leaving(by, party):
        return None
    if other and other.activity_id == activity.pk and other.until >= by.now + RESERVED_FOR:
        return other
    return _keep(by, activity, RESERVED_FOR)


def try_lock(party_id: UUID) -> bool:
    """Lock a party against others who take it or write to it, until the transaction ends; False where somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [str(party_id)])
        return bool(cursor.fetchone()[0])


def _keep(by: Actor, activity: Activity, lasting: timedelta) -> Engaged:
    engaged, _made = Engaged.objects.update_or_create(
        organization_id=by.organization_id,
        party_id=activity.customer.party_id,
        defaults={
            "activity_id": activity.pk,
            "user_id": by.user_id,
            "name": by.name,
            "since": by.now,
            "until": by.now + lasting,
        },
    )
    return engaged


def release(by: Actor, party_id: UUID) -> None:
    """Let others reach the party again, where it is this person who has it. Part of the action that ends the call."""
    mine = Engaged.objects.filter(organization_id=by.organization_id, party_id=party_id, user_id=by.user_id)
    mine.delete()


def engaged_with(by: Actor, party_ids: Collection[UUID]) -> Mapping[UUID, Engaged]:
    """Those of these parties whom somebody is calling at this moment, each with who it is."""
    rows = Engaged.objects.filter(organization_id=by.organization_id, party_id__in=party_ids, until__gt=by.now)
    return {one.party_id: one for one in rows}


def _check_nobody_else(by: Actor, party_id: UUID) -> None:
    other = engaged_with(by, [party_id]).get(party_id)
    if other and other.user_id != by.user_id:
        raise Problem(N_("{name} is calling this customer at this moment. Take the next one."), name=other.name)
    if _is_leaving(by, party_id):
        raise Problem(N_("A message to this customer is leaving at this moment. Try again in a minute."))


def _is_leaving(by: Actor, party_id: UUID) -> bool:
    return Activity.objects.filter(
        organization_id=by.organization_id, customer__party_id=party_id, state=Activity.State.ATTEMPTING
    ).exists()


def why_not(activity: Activity, prepared: Prepared) -> str:
    """Why nobody may call, visit or meet the customer at the moment this was prepared for, in words; "" where they may."""
    if prepared.stop:
        return said(prepared.stop)
    answer = prepared.answer
    if isinstance(answer, Refused) and (answer.law or is_out_of_hours(answer) or not is_invited(activity)):
        return sentence(answer).rstrip(".")
    return ""


def _check_may(by: Actor, activity: Activity) -> None:
    prepared = prepare(Organization.objects.get(pk=by.organization_id), activity, by.now, caller=by.name)
    if reason := why_not(activity, prepared):
        raise Problem(N_("Not now: {reason}."), reason=reason)

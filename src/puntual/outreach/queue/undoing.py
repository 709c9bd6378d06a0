"""Taking the last result back: what it brought about is reversed, each by its own action. Callers import this from `actions`."""

from datetime import datetime
from uuid import UUID

from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import withdraw as withdraw_promise
from puntual.audit.actions import Actor, action
from puntual.disputes.actions import withdraw as withdraw_dispute
from puntual.disputes.models import Dispute
from puntual.kernel.problems import N_, Problem
from puntual.outreach.approving import locked
from puntual.outreach.arranging import once_more
from puntual.outreach.engaging import reserve, try_lock
from puntual.outreach.models import Activity, Mark
from puntual.outreach.queue.models import Turn
from puntual.outreach.queue.turns import UNDO_FOR
from puntual.outreach.results import RESULTS
from puntual.parties.actions import add_contact_point
from puntual.parties.models import ContactPoint
from puntual.placements.actions import keep_no_longer
from puntual.placements.models import Placement, WriteOffProposal
from puntual.receivables.actions import release_holds

State = Activity.State
_WHY = "Recorded by mistake: the result was taken back"
_ELSEWHERE = N_("Something else followed from it already. Set it right on the customer's page.")


def take_back(by: Actor, turn_id: UUID) -> Activity:
    """Undo what this person did with an activity in the last half hour: it stands on the list again, and its customer is kept for
    the person. Returns what is to be done now.

    A promise, a dispute and pauses that came of the result end, a number that was given up is used again, the call that was put
    on the list for later is not made. What was written down of a meeting stays. Raises Turn.DoesNotExist for another's,
    Problem where it is too late, or where something else followed.
    """
    with action(by, "outreach.take_back") as log:
        turn = Turn.objects.select_for_update().get(organization_id=by.organization_id, user_id=by.person, pk=turn_id)
        if turn.taken_back_at or turn.at < by.now - UNDO_FOR:
            raise Problem(N_("This can no longer be taken back here. Set it right on the customer's page."))
        activity = Activity(pk=turn.activity_id)
        if turn.kind == Turn.Kind.RESULT:
            found = _reopen(by, locked(by, activity, State.DONE), turn)
        else:
            found = locked(by, activity, State.TO_DO)
            if turn.kind == Turn.Kind.LATER:
                found.not_before, found.not_after = (_moment(turn, name) for name in ("not_before", "not_after"))
                found.save(update_fields=["not_before", "not_after"])
        log.about(found)
        log.say(kind=turn.kind, result=turn.reason)
        turn.taken_back_at = by.now
        turn.save(update_fields=["taken_back_at"])
        if try_lock(found.customer.party_id):
            reserve(by, found)
    return found


def _reopen(by: Actor, found: Activity, turn: Turn) -> Activity:
    """End what came of the result, and put the same on the list once more: what was recorded stays on record as taken back."""
    if found.result != turn.reason:
        raise Problem(_ELSEWHERE)
    mine = {"organization_id": by.organization_id, "source_id": found.pk}
    if Placement.objects.filter(**mine).exists() or WriteOffProposal.objects.filter(**mine).exists():
        raise Problem(_ELSEWHERE)
    keep_no_longer(by, found.pk)
    _end_promises(by, found, turn)
    _end_disputes(by, found, turn)
    _not_again(by, found)
    if hold := RESULTS[found.result].hold:
        release_holds(by, [found.pk], reason=hold, why=_WHY)
    if retired := turn.before.get("retired"):
        _use_again(by, UUID(retired))
    Mark.objects.filter(organization_id=by.organization_id, activity_id=found.pk).delete()
    again = once_more(found)
    found.state, found.result = State.LAPSED, "taken_back"
    found.save(update_fields=["state", "result"])
    point = turn.before.get("point_id")
    again.note, again.point_id, again.created_at = turn.before.get("note") or "", UUID(point) if point else None, by.now
    again.save(force_insert=True)
    again.customer = found.customer
    return again


def _end_promises(by: Actor, found: Activity, turn: Turn) -> None:
    made = Promise.objects.filter(organization_id=by.organization_id, source_id=found.pk, recorded_at__gte=turn.at)
    for one in made.order_by("id"):
        if one.state != Promise.State.OPEN:
            raise Problem(_ELSEWHERE)
        withdraw_promise(by, one.pk, why=_WHY)
    earlier = Promise.objects.filter(organization_id=by.organization_id, pk__in=turn.before.get("promises") or [])
    if earlier.exclude(state=Promise.State.OPEN).exists():
        raise Problem(N_("The promise took the place of an earlier one. Set it right among the customer's agreements."))


def _end_disputes(by: Actor, found: Activity, turn: Turn) -> None:
    made = Dispute.objects.filter(organization_id=by.organization_id, source_id=found.pk, opened_at__gte=turn.at)
    for one in made.order_by("id"):
        withdraw_dispute(by, one.pk, why=_WHY, cause=Dispute.Cause.OTHER)


def _not_again(by: Actor, found: Activity) -> None:
    """Take the call that was to be made later off the list."""
    if not RESULTS[found.result].again:
        return
    later = Activity.objects.filter(
        organization_id=by.organization_id,
        customer=found.customer,
        lead_id=found.lead_id,
        step=found.step,
        due_generation=found.due_generation,
        attempt__gt=found.attempt,
    )
    if later.exclude(state=State.TO_DO).exclude(result="taken_back").exists():
        raise Problem(_ELSEWHERE)
    later.filter(state=State.TO_DO).update(state=State.LAPSED, result="taken_back", settled_at=by.now)


def _use_again(by: Actor, point_id: UUID) -> None:
    point = ContactPoint.objects.get(organization_id=by.organization_id, pk=point_id)
    if point.retired_on is None:
        return
    add_contact_point(
        by, point.customer_id, kind=point.kind, value=point.value, person_id=point.person_id, language=point.language
    )


def _moment(turn: Turn, name: str) -> datetime | None:
    value = turn.before.get(name)
    return datetime.fromisoformat(value) if value else None

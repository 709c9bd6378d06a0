"""Giving many disputes to a member at once. Callers import it from `actions`."""

from collections.abc import Collection
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.disputes.models import Dispute, DisputeNote
from puntual.disputes.states import LIVE
from puntual.kernel.bulk import Outcome
from puntual.kernel.problems import N_, Problem
from puntual.organizations.queries import members_of

ALREADY = N_("It is so already")
SETTLED = N_("It is settled")


def assign_many(by: Actor, dispute_ids: Collection[UUID], owner_id: UUID) -> Outcome:
    """Give these disputes to a member, who sees to them from now on; one that is settled stays as it was.

    Raises Problem for who is no member.
    """
    with action(by, "disputes.assign_many", owner=owner_id) as log:
        member = next((one for one in members_of(by.organization_id, by.today) if one.user_id == owner_id), None)
        if member is None:
            raise Problem(N_("Nobody of that name signs in here. Choose a member."))
        rows = Dispute.objects.filter(organization_id=by.organization_id, id__in=list(dispute_ids)).only(
            "state", "owner_id"
        )
        chosen = list(rows.order_by("id").select_for_update(no_key=True))
        live = [one for one in chosen if one.state in LIVE]
        wanted = [one.id for one in live if one.owner_id != owner_id]
        Dispute.objects.filter(organization_id=by.organization_id, id__in=wanted).update(owner=owner_id)
        DisputeNote.objects.bulk_create(
            DisputeNote(
                organization_id=by.organization_id,
                dispute_id=dispute_id,
                kind=DisputeNote.Kind.STEP,
                step="assign",
                detail={"owner": str(member.user)},
                at=by.now,
                by_name=by.name,
            )
            for dispute_id in wanted
        )
        log.say(disputes=wanted)
        left = {SETTLED: len(chosen) - len(live), ALREADY: len(live) - len(wanted)}
        return Outcome(len(wanted), {why: count for why, count in left.items() if count})

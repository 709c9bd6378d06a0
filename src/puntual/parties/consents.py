"""What customers said about being written to: by point and purpose, each answer kept. The actions are imported from `actions`."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Consent, ContactPoint

Purpose = Consent.Purpose


def record_consent(
    by: Actor,
    point_id: UUID,
    *,
    purpose: str,
    granted: bool,
    given_on: date,
    source: str,
    evidence: str = "",
    source_id: UUID | None = None,
) -> Consent:
    """Keep a yes or no of the customer about one point and one purpose. The latest one decides, by its day.

    `source` says where it comes from, `evidence` what shows it, `source_id` is the answer it stands in, where it is one.
    Raises ContactPoint.DoesNotExist, ValueError for an unknown purpose, Problem for a day to come and without a source.
    """
    if given_on > by.today:
        raise Problem(N_("{day} lies in the future. Give the day on which the customer said so."), day=given_on)
    if not source.strip():
        raise Problem(N_("Say where the answer comes from: a call, a contract, a form."))
    with action(by, "contact_point.consent", purpose=purpose, granted=granted, given_on=given_on) as log:
        point = _point(by, point_id)
        log.about(point)
        log.say(customer=point.customer_id, kind=point.kind, value=point.value, source=source.strip())
        consent = Consent.objects.create(
            organization_id=by.organization_id,
            point=point,
            person_id=point.person_id,
            purpose=Purpose(purpose),
            granted=granted,
            given_on=given_on,
            source=source.strip()[:200],
            evidence=evidence.strip()[:2000],
            source_id=source_id,
        )
        if purpose == Purpose.COLLECTIONS:
            _keep_latest(by, point)
        return consent


def opt_out(
    by: Actor, point_id: UUID, *, source: str, evidence: str = "", source_id: UUID | None = None
) -> ContactPoint | None:
    """No more messages there, whatever they are about: a no for every purpose that had none. None where nothing was left to say.

    Raises ContactPoint.DoesNotExist, Problem without a source.
    """
    if not source.strip():
        raise Problem(N_("Say where the answer comes from: a call, a contract, a form."))
    with action(by, "contact_point.consent", purpose="all", granted=False, given_on=by.today) as log:
        point = _point(by, point_id)
        log.about(point)
        log.say(customer=point.customer_id, kind=point.kind, value=point.value, source=source.strip())
        standing = latest(by.organization_id, [point.id])
        asked = [one for one in Purpose.values if (point.id, one) not in standing or standing[point.id, one].granted]
        log.say(purposes=asked)
        if not asked:
            return None
        Consent.objects.bulk_create(
            Consent(
                organization_id=by.organization_id,
                point=point,
                person_id=point.person_id,
                purpose=purpose,
                granted=False,
                given_on=by.today,
                source=source.strip()[:200],
                evidence=evidence.strip()[:2000],
                source_id=source_id,
            )
            for purpose in asked
        )
        _keep_latest(by, point)
        return point


def silenced(organization_id: UUID, point_id: UUID) -> bool:
    """Whether nothing may be sent to a point, whatever it is about."""
    standing = latest(organization_id, [point_id])
    return all((found := standing.get((point_id, one))) and not found.granted for one in Purpose.values)


def history(organization_id: UUID, point_ids: Iterable[UUID]) -> dict[UUID, list[Consent]]:
    """All that was ever said about these points, the latest first."""
    found: dict[UUID, list[Consent]] = {}
    said = Consent.objects.filter(organization_id=organization_id, point__in=list(point_ids))
    for one in said.order_by("-given_on", "-id"):
        found.setdefault(one.point_id, []).append(one)
    return found


def latest(organization_id: UUID, point_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Consent]:
    """What stands for each of these points and each purpose something was said about."""
    return {
        (point, one.purpose): one
        for point, said in history(organization_id, point_ids).items()
        for one in reversed(said)
    }


def refused(organization_id: UUID, point_ids: Collection[UUID], purpose: str) -> frozenset[UUID]:
    """Those of these points at which nothing about the purpose may be sent: the customer said no, and nothing else since."""
    standing = latest(organization_id, point_ids)
    return frozenset(point for (point, about), one in standing.items() if about == purpose and not one.granted)


def _keep_latest(by: Actor, point: ContactPoint) -> None:
    """Keep what stands for collections beside the point, where the day run reads it."""
    given = Consent.objects.filter(organization_id=by.organization_id, point=point, purpose=Purpose.COLLECTIONS)
    last = given.order_by("-given_on", "-id")[0]
    states = ContactPoint.ConsentState
    point.consent = states.GRANTED if last.granted else states.WITHDRAWN
    point.save(update_fields=["consent"])


def _point(by: Actor, point_id: UUID) -> ContactPoint:
    return ContactPoint.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=point_id)

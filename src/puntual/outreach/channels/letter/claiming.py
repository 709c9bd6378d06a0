"""Gathering approved letters into a batch. A letter is in one batch only: what a batch has taken no other takes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.channels.letter.codes import MOST, letter_code
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter
from puntual.outreach.channels.letter.postal import WINDOWS
from puntual.outreach.channels.letter.services import service_of
from puntual.outreach.channels.letter.tasks import make_batch
from puntual.outreach.models import Activity
from puntual.outreach.proofs import wanted_proofs

State = Activity.State

# One letter of a party at a time, as the outbox sends: its frequency counts over all its customers, so the next is judged once
# it is known what became of this one. Rows somebody else is deciding on at this moment are left to them.
_CLAIM = """
WITH candidate AS (
    SELECT a.id, a.customer_id, c.party_id, a.value FROM outreach_activity a
    JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id
    WHERE a.organization_id = %(organization)s AND a.id = ANY(%(chosen)s)
      AND a.state = 'to_do' AND a.channel = 'letter' AND a.direction = 'out'
      AND NOT EXISTS (
          SELECT FROM parties_customer o
          JOIN outreach_activity u ON u.organization_id = o.organization_id AND u.customer_id = o.id
               AND u.state = 'attempting'
          WHERE o.organization_id = a.organization_id AND o.party_id = c.party_id)
    ORDER BY a.value DESC, a.id FOR UPDATE OF a SKIP LOCKED
),
first AS (SELECT DISTINCT ON (party_id) id, customer_id FROM candidate ORDER BY party_id, value DESC, id),
taken AS (
    UPDATE outreach_activity a SET state = 'attempting', claimed_at = %(now)s
    FROM first WHERE a.organization_id = %(organization)s AND a.id = first.id
    RETURNING a.id, a.customer_id
)
SELECT taken.id, taken.customer_id FROM taken
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = taken.customer_id
ORDER BY c.creditor_id, c.search_name, taken.id
"""


def to_print(by: Actor, *, proved: bool = False) -> QuerySet[Activity]:
    """The approved letters that wait for a batch now: those of required steps (`proved`), or all others."""
    rows = Activity.objects.filter(
        Q(not_before=None) | Q(not_before__lte=by.now),
        organization_id=by.organization_id,
        state=State.TO_DO,
        channel=Activity.Channel.LETTER,
        direction="out",
    )
    required = Q(pk__in=[])
    for version_id, step in wanted_proofs(by.organization_id):
        required |= Q(version_id=version_id, step=step)
    return rows.filter(required) if proved else rows.exclude(required)


def start_batch(
    by: Actor, *, service: str = "", window: str = "left", ids: Collection[UUID] | None = None
) -> PrintBatch:
    """Take the letters that wait (or those of `ids`) into a new batch, and have a worker set them.

    With a `service` the batch is of letters whose delivery is proved: those that the manual requires, unless others are named.
    Without one it takes only letters that need no proof. At most `codes.MOST`; the others wait for the next batch.
    Raises Problem where nothing can be taken, for an unknown service or window, or where a named letter needs a proof.
    """
    if service:
        service_of(service)
    if window not in WINDOWS:
        raise Problem(N_("Say on which side the window of the envelopes is: left or right."))
    with action(by, "letters.start_batch", service=service, window=window) as log:
        organization = Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)  # one number each
        taken = _claim(by, _chosen(by, service, ids))
        batch = PrintBatch.objects.create(
            organization_id=by.organization_id,
            number=_next_number(by.organization_id),
            service=service,
            window=window,
            sample=not organization.is_live,
            total=len(taken),
            created_at=by.now,
            created_by=by.name[:150],
        )
        PrintedLetter.objects.bulk_create(
            [
                PrintedLetter(
                    organization_id=by.organization_id,
                    batch=batch,
                    customer_id=customer_id,
                    activity_id=activity_id,
                    place=place,
                    code=letter_code(batch.number, place),
                )
                for place, (activity_id, customer_id) in enumerate(taken, start=1)
            ],
            batch_size=1000,
        )
        make_batch.defer(organization_id=str(by.organization_id), batch_id=str(batch.pk))
        log.about(batch)
        log.say(number=batch.number, letters=len(taken), sample=batch.sample)
    return batch


def last_window(organization_id: UUID) -> str:
    """The side of the window in the latest batch; the left one where there was none."""
    rows = PrintBatch.objects.filter(organization_id=organization_id).order_by("-number")
    return rows.values_list("window", flat=True).first() or "left"


def _chosen(by: Actor, service: str, ids: Collection[UUID] | None) -> list[UUID]:
    if ids is None:
        rows = to_print(by, proved=bool(service))
    elif service:
        rows = to_print(by, proved=True).filter(pk__in=ids) | to_print(by).filter(pk__in=ids)
    else:
        rows = to_print(by).filter(pk__in=ids)
        if to_print(by, proved=True).filter(pk__in=ids).exists():
            raise Problem(
                N_(
                    "The manual asks for proof of delivery of one of these letters. Choose how it is posted with a proof."
                )
            )
    return list(rows.order_by("-value", "-id").values_list("id", flat=True)[:MOST])


def _claim(by: Actor, chosen: list[UUID]) -> list[tuple[UUID, UUID]]:
    values: dict[str, Any] = {"organization": by.organization_id, "chosen": chosen, "now": by.now}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        taken: list[tuple[UUID, UUID]] = cursor.fetchall()
    if not taken:
        raise Problem(
            N_("No letter waits to be printed. Approve one first, or wait until its customer's last one is posted.")
        )
    return taken


def _next_number(organization_id: UUID) -> int:
    rows = PrintBatch.objects.filter(organization_id=organization_id)
    return int((rows.aggregate(Max("number"))["number__max"] or 0) + 1)

"""Queueing messages to members. They leave by the outbox of this room, like everything that leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.organizations.roles import Permission
from puntual.outreach.channels import Document
from puntual.outreach.claiming import STALLED_AFTER
from puntual.outreach.staff.models import StaffMail
from puntual.tenancy.scope import acting_for

KEPT: Final = timedelta(days=90)
"""For so long it is kept that a message left; then nothing of it is."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to a member. `reference` tells it from any other; `needs` is the permission to read it."""

    user_id: UUID
    needs: Permission
    reference: str
    subject: str
    text: str
    html: str
    language: str
    file: Document | None = None
    about_id: UUID | None = None


def queue_staff_mail(by: Actor, letters: Sequence[Letter]) -> int:
    """Queue messages to members, each once by its reference however often that is asked for; returns how many were new."""
    with action(by, "outreach.staff_mail") as log:
        known = StaffMail.objects.filter(
            organization_id=by.organization_id, reference__in=[one.reference for one in letters]
        )
        before = set(known.values_list("reference", flat=True))
        made = StaffMail.objects.bulk_create(
            (_row(by, one) for one in letters if one.reference not in before), ignore_conflicts=True
        )
        log.say(mails=len(made), to=[str(one.user_id) for one in made])
    return len(made)


def tidy_staff_mail(by: Actor) -> int:
    """Call unknown what a killed sender left behind, and forget what is long over; returns how many are unknown now."""
    rows = StaffMail.objects.filter(organization_id=by.organization_id)
    stalled = rows.filter(state=StaffMail.State.ATTEMPTING, claimed_at__lt=by.now - STALLED_AFTER)
    over = rows.filter(created_at__lt=by.now - KEPT).exclude(state__in=["queued", "attempting"])
    with acting_for(by.organization_id):
        if not (stalled.exists() or over.exists()):
            return 0
    with action(by, "outreach.tidy_staff_mail") as log:
        unknown = stalled.update(
            state=StaffMail.State.UNKNOWN, settled_at=by.now, result="interrupted", text="", html="", content=b""
        )
        forgotten, _by_model = over.delete()
        log.say(unknown=unknown, forgotten=forgotten)
    return unknown


def _row(by: Actor, letter: Letter) -> StaffMail:
    file = letter.file
    return StaffMail(
        organization_id=by.organization_id,
        user_id=letter.user_id,
        permission=letter.needs.value,
        reference=letter.reference,
        about_id=letter.about_id,
        subject=letter.subject[:300],
        text=letter.text,
        html=letter.html,
        language=letter.language,
        file_name=file.name if file else "",
        content_type=file.content_type if file else "",
        content=file.content if file else b"",
        not_before=by.now,
        created_at=by.now,
    )

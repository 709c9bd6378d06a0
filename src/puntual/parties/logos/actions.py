"""Giving a creditor its logo and taking it away. Callers import these from `parties.actions`."""

from hashlib import sha256
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.documents import redrawn
from puntual.kernel.pictures import check_picture
from puntual.parties.logos.models import DOTS, HEIGHT, WIDTH, CreditorLogo
from puntual.parties.models import Creditor


def set_logo(by: Actor, creditor_id: UUID, *, name: str, content: bytes) -> CreditorLogo:
    """Keep a PNG, JPEG or SVG as the creditor's logo, in place of the one there was. It is drawn anew, so nothing else in the
    file is kept.

    Raises Creditor.DoesNotExist, and Problem for what is no such picture, too large, or has a script in it.
    """
    drawn = redrawn(content, check_picture(content), WIDTH, HEIGHT, DOTS)
    with action(by, "creditor.set_logo") as log:
        creditor = Creditor.objects.select_for_update(no_key=True).get(
            organization_id=by.organization_id, pk=creditor_id
        )
        log.about(creditor)
        logo, _new = CreditorLogo.objects.update_or_create(
            organization_id=by.organization_id,
            creditor=creditor,
            defaults={
                "name": name.strip()[:200],
                "digest": sha256(drawn).hexdigest(),
                "content": drawn,
                "added_at": by.now,
                "added_by": by.name[:150],
            },
        )
        log.say(name=logo.name, digest=logo.digest, given=sha256(content).hexdigest())
    return logo


def remove_logo(by: Actor, creditor_id: UUID) -> None:
    """The creditor has no logo any more; what was sent keeps it. Raises Creditor.DoesNotExist."""
    with action(by, "creditor.remove_logo") as log:
        creditor = Creditor.objects.get(organization_id=by.organization_id, pk=creditor_id)
        log.about(creditor)
        gone = CreditorLogo.objects.filter(organization_id=by.organization_id, creditor=creditor)
        log.say(digest=list(gone.values_list("digest", flat=True)))
        gone.delete()

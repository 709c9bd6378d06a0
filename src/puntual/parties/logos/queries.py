"""Reads: a creditor's logo, and as the layouts of documents take it. Inside `acting_for`."""

from uuid import UUID

from puntual.kernel.documents import picture
from puntual.kernel.remembering import remembered
from puntual.parties.logos.models import DOTS, CreditorLogo
from puntual.parties.models import Creditor


@remembered
def logo_of(organization_id: UUID, creditor_id: UUID) -> bytes | None:
    """The PNG of a creditor's logo, or None."""
    found = CreditorLogo.objects.filter(organization_id=organization_id, creditor_id=creditor_id)
    content = found.values_list("content", flat=True).first()
    return bytes(content) if content is not None else None


def printed_logo(creditor: Creditor) -> dict[str, str | float] | None:
    """A creditor's logo for the values of a layout: the `path` of its picture and its `width` in millimeters; None for none."""
    logo = logo_of(creditor.organization_id, creditor.id)
    if logo is None:
        return None
    pixels = int.from_bytes(logo[16:20])  # PNG, 11.2.1
    return {"path": picture(logo), "width": pixels / DOTS * 25.4}

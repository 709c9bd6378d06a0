"""Actions on creditors. Callers import them from `actions`."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.parties.models import Creditor


def note_data_through(
    by: Actor, creditor_id: UUID, *, invoices: date | None = None, bank: date | None = None
) -> Creditor:
    """Say until when a creditor's invoices, or its bank, are known. A day earlier than the one on record changes nothing.

    Raises Creditor.DoesNotExist.
    """
    with action(by, "creditor.data_through", invoices=invoices, bank=bank) as log:
        creditors = Creditor.objects.filter(organization_id=by.organization_id)
        creditor = creditors.select_for_update(no_key=True).get(id=creditor_id)
        log.about(creditor)
        creditor.invoices_through = max(filter(None, (creditor.invoices_through, invoices)), default=None)
        creditor.bank_through = max(filter(None, (creditor.bank_through, bank)), default=None)
        creditor.save(update_fields=["invoices_through", "bank_through"])
        return creditor

"""The files of the invoices a message asks for, as far as they fit; looked up again when it leaves."""

from dataclasses import dataclass
from uuid import UUID

from puntual.outreach.channels import Document
from puntual.outreach.models import Activity
from puntual.outreach.prepare import Prepared
from puntual.receivables.files import files_of
from puntual.receivables.models import Installment, InvoiceFile
from puntual.tenancy.scope import acting_for

MOST_BYTES = 7 * 1024 * 1024
"""Of all files together: a third more once written in base 64, which most mail servers still take (10 MB)."""


@dataclass(frozen=True, slots=True)
class Along:
    """The files that go along, and the numbers of the invoices whose files did not fit."""

    documents: tuple[Document, ...] = ()
    rest: tuple[str, ...] = ()


def invoices_along(activity: Activity, prepared: Prepared) -> Along:
    """The files of what the message asks for at this moment, the oldest invoice first; of this customer and of nobody else."""
    if not prepared.with_invoices or not prepared.asked.lines:
        return Along()
    org = activity.organization_id
    with acting_for(org):
        asked = [UUID(item.id) for item, _left in prepared.asked.lines]
        items = Installment.objects.filter(
            organization_id=org,
            pk__in=asked,
            customer_id=activity.customer_id,
            invoice__customer_id=activity.customer_id,
        )
        numbers = dict(items.order_by("due_on", "id").values_list("invoice_id", "invoice__number"))
        files = files_of(org, list(numbers))
        chosen: list[InvoiceFile] = []
        rest: list[str] = []
        room = MOST_BYTES
        for invoice, number in numbers.items():
            size = sum(one.size for one in files.get(invoice, ()))
            if size > room:
                rest.append(number)
            else:
                room -= size
                chosen += files.get(invoice, ())
        content = dict(
            InvoiceFile.objects.filter(organization_id=org, pk__in=[one.pk for one in chosen]).values_list(
                "pk", "content"
            )
        )
    documents = (Document(one.name, "application/pdf", bytes(content[one.pk])) for one in chosen)
    return Along(tuple(documents), tuple(rest))

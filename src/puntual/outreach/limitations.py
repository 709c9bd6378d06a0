"""Which open items can no longer be enforced, and which soon cannot: the packs' periods over what the ledger knows.

Of the facts that start a period anew the ledger knows payments on the item itself that were not reversed; what else happened (a
written acknowledgment, a lawsuit) was recorded with its evidence, and so is counsel's word that a claim is pursued all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from puntual.conduct.limitation import Interruption, days_left, limitation, shortest
from puntual.conduct.packs import pack_for, packs
from puntual.kernel.remembering import remembered
from puntual.receivables.models import ClaimFact

WARN_DAYS = (180, 90)
"""How many days ahead somebody should hear that a claim is about to be time-barred."""
_CLAIM = "ordinary"  # invoices and charges; an enforceable instrument is not known to the ledger

# Only items older than the shortest period anywhere are read: few, and by the index of due dates.
_OLD = """
SELECT i.id, i.customer_id, i.invoice_id, p.country, i.due_on,
       array(
           SELECT e.effective_on FROM receivables_entry e
           WHERE e.organization_id = %(organization)s AND e.installment_id = i.id AND e.kind = 'payment' AND e.amount < 0
             AND e.effective_on <= %(day)s
             AND NOT EXISTS (
                 SELECT FROM receivables_entry r WHERE r.organization_id = %(organization)s AND r.reverses_id = e.id
             )
       )
FROM receivables_installment i
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = i.customer_id
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = c.party_id
WHERE i.organization_id = %(organization)s AND i.{amount} > 0 AND i.due_on <= %(until)s {only}
ORDER BY i.due_on, i.id
"""


@dataclass(frozen=True, slots=True)
class Barring:
    """An open item and the last day on which its claim can be enforced; `days_left` is 0 or less once it is time-barred.

    `lifted` says that counsel lets it be pursued all the same.
    """

    installment_id: UUID
    customer_id: UUID
    due_on: date
    last_day: date
    days_left: int
    lifted: bool = False


def time_barred(organization_id: UUID, day: date) -> frozenset[str]:
    """The ids of the open items whose period is known and over on `day`, but for those counsel lets be pursued."""
    known = _known(organization_id, day, ahead=0)
    return frozenset(str(one.installment_id) for one in known if one.days_left <= 0 and not one.lifted)


def time_barred_losses(organization_id: UUID, day: date) -> list[UUID]:
    """The items with something written off that can no longer be claimed on `day`, as far as the periods are known."""
    known = _known(organization_id, day, ahead=0, amount="written_off")
    return [one.installment_id for one in known if one.days_left <= 0 and not one.lifted]


def barring_soon(organization_id: UUID, day: date, within: int = WARN_DAYS[0]) -> list[Barring]:
    """The open items that can still be enforced on `day` and, unless something interrupts, not any more in `within` days.

    The most urgent first.
    """
    found = [one for one in _known(organization_id, day, ahead=within) if 0 < one.days_left <= within]
    return sorted(found, key=lambda one: (one.days_left, one.installment_id))


def barring_of(organization_id: UUID, customer_id: UUID, day: date, within: int = WARN_DAYS[0]) -> list[Barring]:
    """A customer's open items that cannot be enforced any more, or not in `within` days, the oldest first."""
    return [one for one in _known(organization_id, day, ahead=within, customer=customer_id) if one.days_left <= within]


@remembered
def facts_of(organization_id: UUID, customer_id: UUID) -> list[ClaimFact]:
    """What is on record about the limitation of a customer's claims, the latest first; what was withdrawn too."""
    rows = ClaimFact.objects.filter(organization_id=organization_id, customer_id=customer_id).select_related("invoice")
    return list(rows.order_by("-on", "-recorded_at"))


def _known(
    organization_id: UUID, day: date, *, ahead: int, customer: UUID | None = None, amount: str = "open_amount"
) -> Iterator[Barring]:
    years = shortest(packs().values(), _CLAIM)
    if years is None:
        return
    until = day + timedelta(days=ahead) - timedelta(days=365 * years)
    values: dict[str, Any] = {"organization": organization_id, "day": day, "until": until, "customer": customer}
    with connection.cursor() as cursor:
        only = "AND i.customer_id = %(customer)s" if customer else ""
        cursor.execute(_OLD.format(only=only, amount=amount), values)
        rows = cursor.fetchall()
    recorded = _recorded(organization_id, day) if rows else {}
    for installment, owner, invoice, country, due_on, paid in rows:
        facts = [*recorded.get(owner, ()), *recorded.get(invoice, ())]
        happened = [Interruption("part_payment", on) for on in paid]
        happened += [Interruption(kind, on) for kind, on in facts if kind != ClaimFact.Kind.LIFTED]
        last = limitation(pack_for(country), _CLAIM, due_on, happened)
        if last is not None:
            lifted = any(kind == ClaimFact.Kind.LIFTED for kind, _on in facts)
            yield Barring(installment, owner, due_on, last, days_left(last, day), lifted)


def _recorded(organization_id: UUID, day: date) -> dict[UUID, list[tuple[str, date]]]:
    """The facts that count on `day`, by what they are about: an invoice, or all of a customer's."""
    still = Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
    rows = ClaimFact.objects.filter(still, organization_id=organization_id, on__lte=day)
    found: dict[UUID, list[tuple[str, date]]] = {}
    for customer, invoice, kind, on in rows.values_list("customer_id", "invoice_id", "kind", "on"):
        found.setdefault(invoice or customer, []).append((kind, on))
    return found

"""Which lists the desk has."""

from collections.abc import Mapping

from puntual.desk.lists.alerts import ALERTS
from puntual.desk.lists.contacts import CONTACTS
from puntual.desk.lists.customers import CUSTOMERS
from puntual.desk.lists.describing import List
from puntual.desk.lists.disputes import DISPUTES
from puntual.desk.lists.invoices import INVOICES
from puntual.desk.lists.payments import PAYMENTS
from puntual.desk.lists.promises import PROMISES

LISTS: Mapping[str, List] = {
    one.name: one for one in (CUSTOMERS, INVOICES, PAYMENTS, CONTACTS, PROMISES, DISPUTES, ALERTS)
}
"""By name, in the order in which they are offered."""

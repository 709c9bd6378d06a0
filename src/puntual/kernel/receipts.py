"""How one room tells another, which it does not know, of money received: as parts of statements."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipts:
    """Two SELECTs over an organization's (%(org)s) payments, to stand between brackets in a larger statement.

    `standing` gives id, customer_id, currency, received_on, recorded_at and unapplied (what lies on account) of each payment.
    `moved` gives customer_id and currency wherever what lies on account may have changed since %(since)s (a moment, or none for
    ever), of money received, taken back or refunded on or after %(recent)s.
    """

    standing: str
    moved: str

"""The reference a customer pays with: the same on every statement, so that a transfer without any other word is recognized."""

from uuid import UUID

from puntual.kernel.references import creditor_reference

_DIGITS = 12


def payment_reference(customer_id: UUID) -> str:
    """The ISO 11649 reference of a customer: RF, two check digits, and the last twelve digits of its key.

    Those are random, so that no reference says anything of another customer's.
    """
    return creditor_reference(customer_id.hex[-_DIGITS:])

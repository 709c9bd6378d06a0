"""The fast way in, for imports: whole batches of rows as set-based statements, one audit entry per call.

Each function answers every row, in the order given, and lands the good ones; it raises only where the whole call is at fault.
Two imports of the same documents at once never wait for each other in a circle: rows are always taken in the order of their keys.
"""

from puntual.receivables.bulk_credits import NewCreditNote, issue_credit_notes_many
from puntual.receivables.bulk_holds import NewHold, hold_each, hold_many, redate_listed, release_listed, release_many
from puntual.receivables.bulk_invoices import KEYS, NewInvoice, Outcome, issue_many
from puntual.receivables.bulk_postings import OpenBalance, close_outside_many, update_open
from puntual.receivables.undo import undo_batch

__all__ = [
    "KEYS",
    "NewCreditNote",
    "NewHold",
    "NewInvoice",
    "OpenBalance",
    "Outcome",
    "close_outside_many",
    "hold_each",
    "hold_many",
    "issue_credit_notes_many",
    "issue_many",
    "redate_listed",
    "release_listed",
    "release_many",
    "undo_batch",
    "update_open",
]

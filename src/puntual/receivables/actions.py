"""The only writers of the ledger, one function for each thing a person or the clock may do. Their homes go by subject."""

from puntual.receivables.certificates import attach_certificate
from puntual.receivables.corrections import close_outside, record_recovery, reverse_entry, take_adjustment, write_off
from puntual.receivables.credits import apply_credit_note, issue_credit_note
from puntual.receivables.deductions import close_deduction, expect_deduction, give_up_deduction, grant_discount
from puntual.receivables.documents import (
    Deduction,
    Part,
    cancel_invoice,
    change_due_date,
    issue_invoice,
    set_claim_owner,
    waive_charge,
)
from puntual.receivables.early import (
    agree_early_discount,
    end_early_terms,
    set_early_terms,
    withdraw_early_discount,
)
from puntual.receivables.expecting import extend_due, keep_payment_rules
from puntual.receivables.files import attach_file, remove_file
from puntual.receivables.holds import close_period, hold, redate_holds, release_hold, release_holds
from puntual.receivables.interest.actions import (
    add_rate,
    charge_interest,
    end_interest_terms,
    set_interest_terms,
)
from puntual.receivables.limitation import lift_time_bar, record_claim_fact, withdraw_claim_fact
from puntual.receivables.pausing import pause_customers
from puntual.receivables.settling import Designation

__all__ = [
    "Deduction",
    "Designation",
    "Part",
    "add_rate",
    "agree_early_discount",
    "apply_credit_note",
    "attach_certificate",
    "attach_file",
    "cancel_invoice",
    "change_due_date",
    "charge_interest",
    "close_deduction",
    "close_outside",
    "close_period",
    "end_early_terms",
    "end_interest_terms",
    "expect_deduction",
    "extend_due",
    "give_up_deduction",
    "grant_discount",
    "hold",
    "issue_credit_note",
    "issue_invoice",
    "keep_payment_rules",
    "lift_time_bar",
    "pause_customers",
    "record_claim_fact",
    "record_recovery",
    "redate_holds",
    "release_hold",
    "release_holds",
    "remove_file",
    "reverse_entry",
    "set_claim_owner",
    "set_early_terms",
    "set_interest_terms",
    "take_adjustment",
    "waive_charge",
    "withdraw_claim_fact",
    "withdraw_early_discount",
    "write_off",
]

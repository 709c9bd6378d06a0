"""How a customer pays: the creditor's accounts for a currency, the reference, and a code for a telephone's camera."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import segno
from stdnum import iban

from puntual.kernel.remembering import remembered
from puntual.parties.models import Creditor, CreditorAccount, Customer
from puntual.parties.references import payment_reference


@remembered
def accounts(creditor: Creditor, currency: str, day: date) -> Sequence[CreditorAccount]:
    """The creditor's accounts that take a currency on a day, and no other."""
    found = CreditorAccount.objects.filter(
        organization_id=creditor.organization_id, creditor=creditor, currency=currency
    )
    return list(found.exclude(ends_on__lt=day).order_by("bank", "id"))


def account_line(account: CreditorAccount, creditor: Creditor) -> str:
    """Banco Uno · 194-111 · 00219400011 · Andina S.A.C."""
    parts = [account.bank, account.number, account.interbank_number, account.holder or creditor.name]
    return " · ".join(part for part in parts if part)


def bank_code(customer: Customer, currency: str, amount: Decimal, day: date) -> str:
    """What a bank's application reads to pay: EPC069-12, the European transfer in euros; "" where there is none.

    Version 002 without BIC; without an amount the payer writes it.
    """
    if currency != "EUR":
        return ""
    for account in accounts(customer.creditor, currency, day):
        number = next((one for one in (account.interbank_number, account.number) if iban.is_valid(one)), "")
        if number:
            asked = f"EUR{amount:.2f}" if amount else ""
            holder, reference = account.holder or customer.creditor.name, payment_reference(customer.id)
            return "\n".join(
                ["BCD", "002", "1", "SCT", "", holder[:70], iban.compact(number), asked, "", reference, "", ""]
            )
    return ""


def as_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004) with error correction M, as SVG; "" for nothing."""
    return str(segno.make(text, error="m", boost_error=False).svg_inline(border=0)) if text else ""


def spaced(reference: str) -> str:
    """RF18 5390 0754 7034: a reference in groups of four, as ISO 11649 has it printed."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))

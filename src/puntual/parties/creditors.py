"""Actions on creditors. Callers import them from `actions`."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.money import minor_units
from puntual.kernel.problems import N_, Problem
from puntual.kernel.tax_ids import check_tax_id
from puntual.parties.models import Creditor, CreditorAccount


def change_creditor(
    by: Actor,
    creditor_id: UUID,
    *,
    name: str,
    tax_id: str,
    email: str,
    phone: str,
    address: str,
    signs_as: str,
    language: str,
) -> Creditor:
    """Correct who a creditor is and how its messages are signed. Its tax id is kept normalized and never refused.

    Raises Creditor.DoesNotExist, Problem for a name that is empty or too long and a sender's address that is none.
    """
    sender = sender_address(email)
    if not 1 <= len(name.strip()) <= 200:
        raise Problem(N_("Give the creditor a name of up to 200 characters."))
    with action(by, "creditor.change") as log:
        creditor = _creditor(by, creditor_id)
        log.about(creditor)
        values = {
            "name": name.strip(),
            "tax_id": check_tax_id(creditor.country, tax_id).normalized,
            "email": sender,
            "phone": phone.strip(),
            "address": address.strip(),
            "signs_as": signs_as.strip(),
            "language": language,
        }
        log.say(**{field: [old, new] for field, new in values.items() if (old := getattr(creditor, field)) != new})
        for field, value in values.items():
            setattr(creditor, field, value)
        creditor.save(update_fields=list(values))
        return creditor


def add_account(
    by: Actor,
    creditor_id: UUID,
    *,
    currency: str,
    bank: str,
    number: str,
    interbank_number: str = "",
    holder: str = "",
) -> CreditorAccount:
    """Where a creditor is paid in a currency; from now on messages that ask for that currency name it.

    Raises Creditor.DoesNotExist, Problem for an unknown currency and where bank or number is missing.
    """
    minor_units(currency)
    if not bank.strip() or not number.strip():
        raise Problem(N_("Give the bank and the number of the account."))
    with action(by, "creditor.add_account") as log:
        creditor = _creditor(by, creditor_id)
        account = CreditorAccount.objects.create(
            organization_id=by.organization_id,
            creditor=creditor,
            currency=currency,
            bank=bank.strip(),
            number=number.strip(),
            interbank_number=interbank_number.strip(),
            holder=holder.strip(),
        )
        log.about(account)
        log.say(creditor=creditor.id, currency=currency, bank=account.bank, number=account.number)
        return account


def end_account(by: Actor, account_id: UUID, *, last_day: date) -> CreditorAccount:
    """No message after `last_day` names the account any more. Raises CreditorAccount.DoesNotExist."""
    with action(by, "creditor.end_account", last_day=last_day) as log:
        accounts = CreditorAccount.objects.filter(organization_id=by.organization_id)
        account = accounts.select_for_update(no_key=True).get(id=account_id)
        log.about(account)
        log.say(creditor=account.creditor_id, bank=account.bank, number=account.number)
        account.ends_on = last_day
        account.save(update_fields=["ends_on"])
        return account


def note_data_through(
    by: Actor, creditor_id: UUID, *, invoices: date | None = None, bank: date | None = None
) -> Creditor:
    """Say until when a creditor's invoices, or its bank, are known. A day earlier than the one on record changes nothing.

    Raises Creditor.DoesNotExist.
    """
    with action(by, "creditor.data_through", invoices=invoices, bank=bank) as log:
        creditor = _creditor(by, creditor_id)
        log.about(creditor)
        creditor.invoices_through = max(filter(None, (creditor.invoices_through, invoices)), default=None)
        creditor.bank_through = max(filter(None, (creditor.bank_through, bank)), default=None)
        creditor.save(update_fields=["invoices_through", "bank_through"])
        return creditor


def sender_address(email: str) -> str:
    """A sender's address as it is kept; none is fine. Raises Problem for what is no address."""
    address = normalize_email(email) if email.strip() else ""
    if address is None:
        raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=email)
    return address


def _creditor(by: Actor, creditor_id: UUID) -> Creditor:
    creditors = Creditor.objects.filter(organization_id=by.organization_id)
    return creditors.select_for_update(no_key=True).get(id=creditor_id)

"""What one does with creditors, customers, the parties behind them and the people there. Homes go by subject."""

from django.db import IntegrityError, transaction

from puntual.audit.actions import Actor, action
from puntual.kernel.money import minor_units
from puntual.kernel.problems import N_, Problem
from puntual.kernel.tax_ids import check_tax_id
from puntual.parties.consents import opt_out, record_consent
from puntual.parties.creditors import add_account, change_creditor, end_account, note_data_through, sender_address
from puntual.parties.customers import set_handling, set_party_status
from puntual.parties.logos.actions import remove_logo, set_logo
from puntual.parties.many import assign_owner, handle_many, tag_many, untag_many
from puntual.parties.models import Creditor
from puntual.parties.people import (
    add_contact_point,
    add_person,
    change_person,
    end_person,
    retire_contact_point,
)
from puntual.parties.preferences.actions import set_preference
from puntual.parties.senders import confirm_code, declare_sender, new_code, remove_sender, verify_sender
from puntual.parties.signers import remove_signer, save_signer

__all__ = [
    "add_account",
    "add_contact_point",
    "add_person",
    "assign_owner",
    "change_creditor",
    "change_person",
    "confirm_code",
    "create_creditor",
    "declare_sender",
    "end_account",
    "end_person",
    "handle_many",
    "new_code",
    "note_data_through",
    "opt_out",
    "record_consent",
    "remove_logo",
    "remove_sender",
    "remove_signer",
    "retire_contact_point",
    "save_signer",
    "set_handling",
    "set_logo",
    "set_party_status",
    "set_preference",
    "tag_many",
    "untag_many",
    "verify_sender",
]


def create_creditor(
    by: Actor,
    *,
    code: str,
    name: str,
    country: str,
    currency: str,
    language: str,
    tax_id: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    signs_as: str = "",
) -> Creditor:
    """A legal entity that is owed. Its tax id is kept normalized and never refused.

    Raises Problem for a code that is empty or taken, an unknown currency, and a sender's address that is none.
    """
    minor_units(currency)
    sender = sender_address(email)
    if not 1 <= len(code.strip()) <= 40 or not 1 <= len(name.strip()) <= 200:
        raise Problem(N_("Give the creditor a code of up to 40 characters and a name of up to 200."))
    creditor = Creditor(
        organization_id=by.organization_id,
        code=code.strip(),
        name=name.strip(),
        tax_id=check_tax_id(country, tax_id).normalized,
        country=country,
        currency=currency,
        language=language,
        address=address,
        email=sender,
        phone=phone,
        signs_as=signs_as,
    )
    with action(by, "creditor.create", about=creditor, code=creditor.code, name=creditor.name):
        try:
            with transaction.atomic():
                creditor.save(force_insert=True)
        except IntegrityError as error:
            raise Problem(N_("There already is a creditor with the code “{code}”."), code=creditor.code) from error
    return creditor

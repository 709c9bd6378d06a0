"""Whose account a statement is of."""

from collections.abc import Iterable

from puntual.audit.actions import Actor
from puntual.parties.models import Creditor, CreditorAccount
from puntual.payments.statements.models import BankAccount
from puntual.payments.statements.problems import AnotherCreditors, WhoseAccount
from puntual.payments.statements.reading.shapes import account_key, same_account
from puntual.payments.statements.reading.statement import Statement


def account_of(by: Actor, statement: Statement, creditor: Creditor | None) -> BankAccount:
    """The account of a statement, locked; made where it is met for the first time.

    It is known from an earlier statement, or is among the accounts where creditors are paid, or belongs to the named creditor, or
    to the only one there is. Raises WhoseAccount where that does not decide it, AnotherCreditors where it contradicts the name.
    """
    found = _known(by, statement, creditor)
    if found is None:
        owner, number = _owner(by, statement, creditor)
        found, _new = BankAccount.objects.get_or_create(
            organization_id=by.organization_id,
            creditor=owner,
            key=account_key(number),
            currency=statement.currency or owner.currency,
            defaults={"number": number[:60]},
        )
    if creditor is not None and found.creditor_id != creditor.id:
        raise AnotherCreditors(found.number, Creditor.objects.get(id=found.creditor_id).name)
    return BankAccount.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=found.id)


def _known(by: Actor, statement: Statement, creditor: Creditor | None) -> BankAccount | None:
    if not statement.account:
        return None
    accounts = BankAccount.objects.filter(organization_id=by.organization_id)
    if statement.currency:
        accounts = accounts.filter(currency=statement.currency)
    key = account_key(statement.account)
    exact = [*accounts.filter(key=key)[:2]]
    if len(exact) == 1:
        return exact[0]
    if creditor is not None:
        accounts = accounts.filter(creditor=creditor)
    alike = [account for account in accounts if same_account(account.number, statement.account)]
    return alike[0] if len(alike) == 1 else None


def _owner(by: Actor, statement: Statement, creditor: Creditor | None) -> tuple[Creditor, str]:
    """Whose account it is, and its number as it is known."""
    paid_to = CreditorAccount.objects.filter(organization_id=by.organization_id).select_related("creditor")
    if statement.currency:
        paid_to = paid_to.filter(currency=statement.currency)
    if statement.account:
        owners = {one.creditor for one in paid_to if _is(one, statement.account)}
        if len(owners) == 1:
            return owners.pop(), statement.account
    if creditor is None:
        creditors = [*Creditor.objects.filter(organization_id=by.organization_id)[:2]]
        if len(creditors) != 1:
            raise WhoseAccount(statement.account, statement.currency)
        (creditor,) = creditors
    return creditor, statement.account or _only(by, creditor, statement.currency, paid_to)


def _is(account: CreditorAccount, number: str) -> bool:
    return any(same_account(one, number) for one in (account.number, account.interbank_number) if one)


def _only(by: Actor, creditor: Creditor, currency: str, paid_to: Iterable[CreditorAccount]) -> str:
    """The number of the creditor's only account in the currency; files that name no account are of it."""
    wanted = currency or creditor.currency
    known = BankAccount.objects.filter(organization_id=by.organization_id, creditor=creditor, currency=wanted)
    numbers = {account.number for account in known}
    if not numbers:
        numbers = {one.number for one in paid_to if one.creditor_id == creditor.id and one.currency == wanted}
    return numbers.pop() if len(numbers) == 1 else ""

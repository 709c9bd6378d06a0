"""Deposits into an account for deductions (in Peru the one for detracciones): they close what is expected, and are no payment.

R.S. 183-2004/SUNAT has the customer deposit whole soles, so a deposit less than one unit off is the whole of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.matching.words import find_numbers, number_keys
from puntual.payments.models import BankAccount, BankLine, LineDeduction
from puntual.receivables.actions import close_deduction, expect_deduction, reverse_entry
from puntual.receivables.models import Entry, ExpectedDeduction, Installment
from puntual.receivables.problems import NotOfThisCustomer

State = BankLine.State
OPEN_STATES = (State.NEW, State.UNMATCHED)
_UNIT = Decimal(1)


class DepositDone(Problem):
    """Somebody has dealt with the deposit meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("This deposit has been dealt with meanwhile. Reload the page to see how."))


def deposits(organization_id: UUID) -> Q:
    """Posted credits of accounts for deductions."""
    restricted = BankAccount.objects.filter(organization_id=organization_id, restricted=True)
    return Q(organization_id=organization_id, kind="posted", parts=0, amount__gt=0, account__in=restricted)


def deposits_waiting(organization_id: UUID) -> QuerySet[BankLine]:
    """The deposits nobody has explained yet, in no order."""
    rows = BankLine.objects.filter(deposits(organization_id), state__in=OPEN_STATES)
    return rows.select_related("account").defer("raw")


def close_by_deposits(by: Actor, creditor_id: UUID) -> Counter[str]:
    """Look at every deposit of a creditor that waits: where one deduction, and only one, is meant it is closed.

    It is meant where its invoice, or its customer's tax id and no other of the amount, stands in the bank's text. What a person
    has undone is left to people.
    """
    with action(by, "payments.close_by_deposits", creditor=creditor_id) as log:
        waiting = BankLine.objects.filter(deposits(by.organization_id), creditor_id=creditor_id, state__in=OPEN_STATES)
        lines = list(waiting.order_by("booked_on", "id").select_for_update(skip_locked=True, no_key=True, of=("self",)))
        states: Counter[str] = Counter()
        if not lines:
            return states
        undone = LineDeduction.objects.filter(organization_id=by.organization_id, line__in=lines)
        by_hand = set(undone.values_list("line_id", flat=True))
        expected = _Expected(_open_ones(by.organization_id, creditor_id))
        for line in lines:
            meant = [] if line.id in by_hand else expected.meant(line)
            if len(meant) == 1:
                _close(by, line, meant[0], automatic=True)
                expected.drop(meant[0])
            else:
                line.state = State.UNMATCHED
                line.save(update_fields=["state"])
            states[line.state] += 1
        log.say(**states)
        return states


def candidates(organization_id: UUID, lines: Iterable[BankLine]) -> dict[UUID, list[ExpectedDeduction]]:
    """What each deposit may be: the deductions its text means, then those of its amount; of one creditor's or several."""
    found: dict[UUID, list[ExpectedDeduction]] = {}
    kept: dict[UUID, _Expected] = {}
    for line in lines:
        if line.creditor_id not in kept:
            kept[line.creditor_id] = _Expected(_open_ones(organization_id, line.creditor_id))
        meant = kept[line.creditor_id].meant(line)
        found[line.id] = [*meant, *(one for one in kept[line.creditor_id].alike(line) if one not in meant)]
    return found


def settle_deposit(by: Actor, line_id: UUID, deduction_id: UUID) -> LineDeduction:
    """A deposit closes an expected deduction; what it is less than expected is asked for again.

    Raises BankLine.DoesNotExist, DepositDone, ExpectedDeduction.DoesNotExist, DeductionEnded, MoreThanOpen.
    """
    with action(by, "payments.settle_deposit") as log:
        line = _waiting(by, line_id)
        log.about(line)
        rows = ExpectedDeduction.objects.filter(organization_id=by.organization_id)
        deduction = rows.select_related("installment__invoice").get(id=deduction_id)
        item = deduction.installment
        if (item.creditor_id, item.currency) != (line.creditor_id, line.currency):
            raise NotOfThisCustomer(item.invoice.number)
        return _close(by, line, deduction)


def settle_unexpected(by: Actor, line_id: UUID, installment_id: UUID) -> LineDeduction:
    """A deposit for an item of which nobody had said that it would come: expected and closed at once.

    Raises BankLine.DoesNotExist, DepositDone, Installment.DoesNotExist, NotOfThisCustomer, MoreThanOpen.
    """
    with action(by, "payments.settle_deposit") as log:
        line = _waiting(by, line_id)
        log.about(line)
        rows = Installment.objects.filter(organization_id=by.organization_id).select_related("invoice")
        item = rows.get(id=installment_id)
        if (item.creditor_id, item.currency) != (line.creditor_id, line.currency):
            raise NotOfThisCustomer(item.invoice.number)
        made = expect_deduction(
            by,
            item.id,
            kind=ExpectedDeduction.Kind.DETRACTION,
            amount=line.amount,
            expected_from=min(line.booked_on, by.today),
        )
        return _close(by, line, made)


def take_back_deposit(by: Actor, line: BankLine, why: str) -> None:
    """What a deposit closed is expected again; part of the action that undoes the line."""
    standing = LineDeduction.objects.filter(organization_id=by.organization_id, line=line, undone_at=None)
    for one in standing.select_related("entry"):
        reverse_entry(by, one.entry_id, why=why, effective_on=one.entry.effective_on)
        one.undone_at, one.undone_by = by.now, by.name
        one.save(update_fields=["undone_at", "undone_by"])


def _waiting(by: Actor, line_id: UUID) -> BankLine:
    rows = BankLine.objects.filter(deposits(by.organization_id))
    line = rows.select_for_update(no_key=True, of=("self",)).get(id=line_id)
    if line.state not in OPEN_STATES:
        raise DepositDone
    return line


def _close(by: Actor, line: BankLine, deduction: ExpectedDeduction, *, automatic: bool = False) -> LineDeduction:
    rounded = abs(line.amount - deduction.amount) < _UNIT
    entry: Entry = close_deduction(
        by,
        deduction.id,
        certificate=_number(line),
        amount=deduction.amount if rounded else line.amount,
        closed_on=line.booked_on,
    )
    line.state, line.reason = State.MATCHED, ""
    line.save(update_fields=["state", "reason"])
    made: LineDeduction = LineDeduction.objects.create(
        organization_id=by.organization_id,
        line=line,
        deduction=deduction,
        entry=entry,
        automatic=automatic,
        settled_at=by.now,
        settled_by=by.name,
    )
    return made


def _number(line: BankLine) -> str:
    """What stands for the certificate: the operation's number."""
    references = [str(value) for _scheme, value in line.references if value]
    return str(line.bank_key or next(iter(references), "") or line.booked_on.isoformat())[:100]


def _open_ones(organization_id: UUID, creditor_id: UUID) -> list[ExpectedDeduction]:
    rows = ExpectedDeduction.objects.filter(
        organization_id=organization_id,
        installment__creditor_id=creditor_id,
        kind=ExpectedDeduction.Kind.DETRACTION,
        closed_on=None,
        given_up_on=None,
        amount__lte=F("installment__open_amount"),
    )
    return list(
        rows.select_related("installment__invoice", "installment__customer__party").order_by("expected_from", "id")
    )


class _Expected:
    """The deductions a creditor still expects, by what tells them."""

    def __init__(self, deductions: Sequence[ExpectedDeduction]) -> None:
        self._by_number: dict[str, list[ExpectedDeduction]] = defaultdict(list)
        self._by_tax_id: dict[str, list[ExpectedDeduction]] = defaultdict(list)
        self._by_amount: dict[tuple[str, Decimal], list[ExpectedDeduction]] = defaultdict(list)
        self._gone: set[UUID] = set()
        for one in deductions:
            item = one.installment
            for key in number_keys(item.invoice.number_key).full:
                self._by_number[key].append(one)
            if item.customer.party.tax_id:
                self._by_tax_id[item.customer.party.tax_id].append(one)
            self._by_amount[item.currency, one.amount // _UNIT].append(one)

    def drop(self, one: ExpectedDeduction) -> None:
        """It is closed."""
        self._gone.add(one.id)

    def alike(self, line: BankLine) -> list[ExpectedDeduction]:
        """Those of the amount, less than one unit off."""
        whole = line.amount // _UNIT
        near = [one for at in (whole - 1, whole, whole + 1) for one in self._by_amount.get((line.currency, at), ())]
        return [one for one in near if one.id not in self._gone and abs(one.amount - line.amount) < _UNIT]

    def meant(self, line: BankLine) -> list[ExpectedDeduction]:
        """Those of the amount that the text tells: by the invoice, else by the customer's tax id."""
        texts = (line.text, *(str(value) for _scheme, value in line.references))
        alike = self.alike(line)
        named = {one.id for key in find_numbers(texts).full for one in self._by_number.get(key, ())}
        if by_number := [one for one in alike if one.id in named]:
            return by_number
        words = {word for text in (line.payer_tax_id, *texts) for word in text.replace("-", " ").split()}
        theirs = {one.id for word in words for one in self._by_tax_id.get(word, ())}
        return [one for one in alike if one.id in theirs]

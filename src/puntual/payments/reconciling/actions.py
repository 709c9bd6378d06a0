"""What a person does with a bank's line, and what the program learns of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.money import to_minor
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment, reverse_payment
from puntual.payments.matching.adjusting import Adjustment, Kind
from puntual.payments.matching.words import account_key, name_words
from puntual.payments.models import BankLine, LineProposal, LineSettlement, MatchingPolicy, PayerTrait, Payment
from puntual.payments.reconciling.adjusting import adjust_for, take_back_adjustments
from puntual.payments.reconciling.deposits import take_back_deposit
from puntual.payments.reconciling.running import paid, reference_of
from puntual.payments.reconciling.trust import BAR
from puntual.receivables.settling import Designation

__all__ = [
    "Share",
    "accept",
    "forget_trait",
    "ignore_line",
    "set_bar",
    "settle_line",
    "undo_line",
]

State = BankLine.State


class LineDone(Problem):
    """Somebody, or a rule, has dealt with the line meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("This line has been dealt with meanwhile. Reload the page to see how."))


class SharesDiffer(Problem):
    """The shares are not what came in."""

    def __init__(self, shared: Decimal, amount: Decimal, currency: str) -> None:
        super().__init__(
            N_("The shares come to {shared} {currency}, and {amount} {currency} came in. Give all of it, and no more."),
            shared=shared,
            amount=amount,
            currency=currency,
        )


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a line for one customer: what its items take; what they do not stays on account."""

    customer_id: UUID
    amount: Decimal
    items: tuple[Designation, ...] = ()


def accept(by: Actor, line_id: UUID, rank: int = 1) -> list[Payment]:
    """Do what a proposal says.

    Raises LineProposal.DoesNotExist where it is no longer there, and what `settle_line` raises.
    """
    with action(by, "payments.accept_proposal", rank=rank) as log:
        line = _waiting(by, line_id)
        one = LineProposal.objects.get(organization_id=by.organization_id, line=line, rank=rank)
        log.about(line)
        log.say(rule=one.rule)
        items = tuple(Designation(UUID(item), Decimal(amount)) for item, amount in one.parts)
        adjustments = [
            Adjustment(Kind(kind), UUID(item), to_minor(Decimal(amount), line.currency), *by_rate)
            for kind, item, amount, *by_rate in one.adjustments
        ]
        return settle_line(by, line_id, [Share(one.customer_id, paid(line), items)], adjustments=adjustments)


def settle_line(
    by: Actor, line_id: UUID, shares: Sequence[Share], *, adjustments: Sequence[Adjustment] = (), learn: bool = True
) -> list[Payment]:
    """Make payments of a line: one for each customer that has a share. With `learn` the payer's account and name are remembered.

    Raises BankLine.DoesNotExist, LineDone, SharesDiffer, Customer.DoesNotExist, NotOfThisCustomer, FutureDate, ClosedPeriod,
    MoreThanOpen for an adjustment that is more than is left open.
    """
    with action(by, "payments.settle_line") as log:
        line = _waiting(by, line_id)
        log.about(line)
        total = sum((share.amount for share in shares), Decimal(0))
        if total != paid(line) or not shares:
            raise SharesDiffer(total, paid(line), line.currency)
        foreseen = LineProposal.objects.filter(organization_id=by.organization_id, line=line, rank=1, sure=True).first()
        agreed = _agrees(foreseen, shares) if foreseen else None
        made = []
        before = LineSettlement.objects.filter(organization_id=by.organization_id, line=line).count()
        for place, share in enumerate(shares):
            payment = record_payment(
                by,
                customer_id=share.customer_id,
                reference=reference_of(line, before + place),
                received_on=line.booked_on,
                currency=line.currency,
                amount=share.amount,
                designations=share.items,
                oldest_first=False,
                memo=line.text[:300],
            )
            LineSettlement.objects.create(
                organization_id=by.organization_id,
                line=line,
                payment=payment,
                rule=foreseen.rule if foreseen else "",
                agreed=agreed,
                settled_at=by.now,
                settled_by=by.name,
            )
            made.append(payment)
        adjust_for(by, made[0].id, line.booked_on, adjustments, line.currency)
        line.state, line.reason = State.MATCHED, ""
        line.save(update_fields=["state", "reason"])
        if learn and len({share.customer_id for share in shares}) == 1:
            _learn(by, line, shares[0].customer_id)
        log.say(payments=[str(payment.id) for payment in made], agreed=agreed)
        return made


def _agrees(foreseen: LineProposal, shares: Sequence[Share]) -> bool:
    """Whether what is done is what the proposal said: the same customer, and the same items with as much."""
    if {share.customer_id for share in shares} != {foreseen.customer_id}:
        return False
    said = {UUID(item): Decimal(amount) for item, amount in foreseen.parts}
    return said == {one.item_id: one.amount for share in shares for one in share.items}


def ignore_line(by: Actor, line_id: UUID, *, reason: str) -> BankLine:
    """No customer's payment: own money moved, interest of the bank.

    Raises BankLine.DoesNotExist, LineDone, Problem without a reason.
    """
    if not reason.strip():
        raise Problem(N_("Say why this line is no customer's payment."))
    with action(by, "payments.ignore_line", why=reason) as log:
        line = _waiting(by, line_id)
        log.about(line)
        line.state, line.reason = State.IGNORED, reason.strip()[:200]
        line.save(update_fields=["state", "reason"])
        return line


def undo_line(by: Actor, line_id: UUID, *, why: str) -> BankLine:
    """Take back what was done with a line, as if it had never been: its items are open again, and it waits again.

    What the line taught is forgotten, and a rule that had posted it was wrong. Raises BankLine.DoesNotExist, Problem where
    nothing was done, and what `reverse_payment` raises.
    """
    with action(by, "payments.undo_line", why=why) as log:
        line = _locked(by, line_id)
        log.about(line)
        if line.state not in (State.MATCHED, State.PARTLY_MATCHED, State.IGNORED):
            raise Problem(N_("Nothing was done with this line yet, so there is nothing to take back."))
        if line.reverses and line.state == State.MATCHED:
            raise Problem(
                N_(
                    "The bank took this money back, which is not undone here. Record the payment again if it came after all."
                )
            )
        settlements = LineSettlement.objects.filter(organization_id=by.organization_id, line=line, undone_at=None)
        for settlement in settlements.select_related("payment"):
            day = settlement.payment.received_on
            take_back_adjustments(by, settlement.payment_id, day, why)
            reverse_payment(by, settlement.payment_id, reason=why, reversed_on=day)
            settlement.undone_at, settlement.undone_by, settlement.undone_why = by.now, by.name, why[:200]
            if settlement.automatic:
                settlement.agreed = False
            settlement.save(update_fields=["undone_at", "undone_by", "undone_why", "agreed"])
        take_back_deposit(by, line, why)
        taught = PayerTrait.objects.filter(organization_id=by.organization_id, line=line, forgotten_at=None)
        taught.update(forgotten_at=by.now, forgotten_by=by.name)
        line.state, line.reason = State.UNMATCHED, ""
        line.save(update_fields=["state", "reason"])
        return line


def _learn(by: Actor, line: BankLine, customer_id: UUID) -> None:
    """Remember by what the customer pays, where the books do not say so already."""
    customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
    told = []
    if line.payer_account:
        told.append((PayerTrait.Kind.ACCOUNT, account_key(line.payer_account), line.payer_account))
    words = name_words(line.payer_name)
    if words and words != name_words(customer.name):
        told.append((PayerTrait.Kind.NAME, " ".join(sorted(words)), line.payer_name))
    for kind, key, shown in told:
        PayerTrait.objects.get_or_create(
            organization_id=by.organization_id,
            kind=kind,
            key=key[:200],
            customer=customer,
            forgotten_at=None,
            defaults={"shown": shown[:200], "line": line, "learned_at": by.now, "learned_by": by.name},
        )


def forget_trait(by: Actor, trait_id: UUID, *, why: str = "") -> PayerTrait:
    """A customer does not pay by this any more, or never did. Raises PayerTrait.DoesNotExist."""
    with action(by, "payments.forget_trait", why=why) as log:
        traits = PayerTrait.objects.filter(organization_id=by.organization_id)
        trait = traits.select_for_update(no_key=True).get(id=trait_id)
        log.about(trait)
        if trait.forgotten_at is None:
            trait.forgotten_at, trait.forgotten_by = by.now, by.name
            trait.save(update_fields=["forgotten_at", "forgotten_by"])
        return trait


def set_bar(by: Actor, bar: Decimal) -> MatchingPolicy:
    """How often a rule has to be right to post by itself, from 0.995 to 1. Raises Problem outside."""
    if not BAR <= bar <= 1:
        raise Problem(N_("Give a share from 99.5 % to 100 %."))
    with action(by, "payments.set_bar", bar=bar) as log:
        policy, _created = MatchingPolicy.objects.update_or_create(
            organization_id=by.organization_id, defaults={"bar": bar}
        )
        log.about(policy)
        return policy


def _locked(by: Actor, line_id: UUID) -> BankLine:
    return BankLine.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=line_id)


def _waiting(by: Actor, line_id: UUID) -> BankLine:
    """The line, locked, if nothing was done with it yet and there is something to do."""
    line = _locked(by, line_id)
    open_ones = (State.NEW, State.UNMATCHED, State.PARTLY_MATCHED)
    if line.state not in open_ones or line.kind != "posted" or line.parts or line.amount <= 0:
        raise LineDone
    return line

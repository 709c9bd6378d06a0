"""All lines of a creditor that wait are looked at: what is sure enough is posted, of the rest the proposals are kept."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.kernel.money import from_minor
from puntual.parties.models import Creditor
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.matching.adjusting import Kind
from puntual.payments.matching.match import propose
from puntual.payments.matching.portfolio import Portfolio
from puntual.payments.matching.proposals import Credit, Proposal, Rules
from puntual.payments.models import BankAccount, BankLine
from puntual.payments.reconciling.adjusting import adjust_for
from puntual.payments.reconciling.deposits import close_by_deposits
from puntual.payments.reconciling.loading import minor, portfolio_of
from puntual.payments.reconciling.models import LineProposal, LineSettlement
from puntual.payments.reconciling.reversals import take_back
from puntual.payments.reconciling.trust import Trust, trust_of
from puntual.payments.withholdings.queries import limits_for
from puntual.receivables.settling import Designation
from puntual.tenancy.scope import acting_for

CHUNK = 500
"""Lines that are matched in one transaction."""

_KEPT = 5  # proposals
_BY_ITSELF = (Kind.ROUNDING, Kind.DISCOUNT)  # differences that need nobody's word
WAITING = (BankLine.State.NEW, BankLine.State.UNMATCHED)

Tell = Callable[[int], None]
"""Called with the lines done."""


def match_lines(by: Actor, creditor_id: UUID, *, tell: Tell = lambda done: None) -> Counter[str]:
    """Look at every credit of a creditor that waits, the oldest first; how many are now in each state.

    What the bank took back is reversed first, and what came into an account for deductions closes them.

    A run that is killed leaves whole chunks, and the next one looks at what still waits. Two runs at once share the lines.
    """
    take_back(by, creditor_id)
    deposits = close_by_deposits(by, creditor_id)
    with acting_for(by.organization_id):
        portfolio = portfolio_of(by.organization_id, creditor_id, by.today)
        trust = trust_of(by.organization_id)
        country = Creditor.objects.get(organization_id=by.organization_id, id=creditor_id).country
        rules = Rules(limits_for(by.organization_id, country, by.today))
    states: Counter[str] = deposits
    after: tuple[date, UUID] | None = None
    while True:
        with action(by, "payments.match_lines", creditor=creditor_id) as log:
            lines = _next(by.organization_id, creditor_id, after)
            found = _match(by, lines, portfolio, trust, rules)
            log.say(**found)
        if not lines:
            return states
        after = lines[-1].booked_on, lines[-1].id
        states += found
        tell(states.total())


def to_match(organization_id: UUID) -> Q:
    """Posted credits that are not split into others; what comes into a restricted account is no payment."""
    restricted = BankAccount.objects.filter(organization_id=organization_id, restricted=True)
    credits = Q(organization_id=organization_id, kind="posted", parts=0, amount__gt=0, reverses=False)
    return credits & ~Q(account__in=restricted)


def _next(organization_id: UUID, creditor_id: UUID, after: tuple[date, UUID] | None) -> list[BankLine]:
    lines = BankLine.objects.filter(to_match(organization_id), creditor_id=creditor_id, state__in=WAITING)
    if after:
        day, key = after
        lines = lines.filter(Q(booked_on__gt=day) | Q(booked_on=day, id__gt=key))
    return list(lines.order_by("booked_on", "id").select_for_update(skip_locked=True, no_key=True)[:CHUNK])


def paid(line: BankLine) -> Decimal:
    """What the payer paid: what the bank kept of it is ours to bear."""
    amount: Decimal = line.amount + line.fees
    return amount


def as_credit(line: BankLine) -> Credit:
    """A line as the matching asks about it."""
    return Credit(
        line.id,
        line.booked_on,
        line.currency,
        minor(paid(line), line.currency),
        (line.text,),
        tuple(value for _scheme, value in line.references),
        line.payer_name,
        line.payer_account,
    )


def _match(by: Actor, lines: Sequence[BankLine], portfolio: Portfolio, trust: Trust, rules: Rules) -> Counter[str]:
    certain: list[tuple[BankLine, Proposal]] = []
    open_ones: list[tuple[BankLine, list[Proposal]]] = []
    undone = _taken_back(by.organization_id, lines)
    for line in lines:
        proposals = propose(as_credit(line), portfolio, rules)
        if proposals and line.id not in undone and posts_by_itself(proposals[0], trust):
            certain.append((line, proposals[0]))
            portfolio.settle(proposals[0].parts)
        else:
            open_ones.append((line, proposals))
    states = Counter({"matched": _post(by, certain)})
    keep_proposals(by.organization_id, open_ones)
    states["unmatched"] = len(lines) - states["matched"]
    BankLine.objects.filter(
        organization_id=by.organization_id, id__in=[line.id for line, _proposals in open_ones]
    ).update(state=BankLine.State.UNMATCHED)
    return +states


def _taken_back(organization_id: UUID, lines: Sequence[BankLine]) -> set[UUID]:
    """The lines with which a person has undone something: what a rule says of them is no more than a proposal."""
    undone = LineSettlement.objects.filter(organization_id=organization_id, line__in=lines, undone_at__isnull=False)
    return set(undone.values_list("line_id", flat=True))


def posts_by_itself(one: Proposal, trust: Trust) -> bool:
    """Whether a proposal is posted without a person."""
    usual = all(adjustment.kind in _BY_ITSELF for adjustment in one.adjustments)
    return one.sure and usual and trust.automatic(one.rule)


def _post(by: Actor, certain: Sequence[tuple[BankLine, Proposal]]) -> int:
    """Record the payments; how many could be. What the ledger refuses waits for a person, with the reason."""
    outcomes = record_many(by, [_payment(line, one) for line, one in certain])
    settlements, matched = [], []
    for (line, one), outcome in zip(certain, outcomes, strict=True):
        if outcome.document_id is None or outcome.problem:
            line.state, line.reason = BankLine.State.UNMATCHED, str(outcome.problem)[:200]
            line.save(update_fields=["state", "reason"])
            continue
        settlements.append(
            LineSettlement(
                organization_id=by.organization_id,
                line=line,
                payment_id=outcome.document_id,
                rule=one.rule,
                agreed=True,
                automatic=True,
                settled_at=by.now,
                settled_by=by.name,
            )
        )
        matched.append(line.id)
        adjust_for(by, outcome.document_id, line.booked_on, one.adjustments, line.currency)
    LineSettlement.objects.bulk_create(settlements, ignore_conflicts=True)
    mine = {"organization_id": by.organization_id}
    BankLine.objects.filter(**mine, id__in=matched).update(state=BankLine.State.MATCHED, reason="")
    LineProposal.objects.filter(**mine, line_id__in=matched).delete()
    return len(matched)


def _payment(line: BankLine, one: Proposal) -> NewPayment:
    return NewPayment(
        creditor_id=line.creditor_id,
        customer_id=one.family,
        reference=reference_of(line),
        received_on=line.booked_on,
        currency=line.currency,
        amount=paid(line),
        designations=tuple(Designation(part.item_id, from_minor(part.amount, line.currency)) for part in one.parts),
        oldest_first=False,
        memo=line.text[:300],
    )


def reference_of(line: BankLine, share: int = 0) -> str:
    """The reference of the payment that a line, or a share of it, becomes."""
    return f"bank:{line.id}" + (f":{share}" if share else "")


def keep_proposals(organization_id: UUID, found: Sequence[tuple[BankLine, list[Proposal]]]) -> None:
    """Keep the strongest proposals of these lines in the place of what was kept before."""
    LineProposal.objects.filter(organization_id=organization_id, line_id__in=[line.id for line, _ in found]).delete()
    LineProposal.objects.bulk_create(
        LineProposal(
            organization_id=organization_id,
            line=line,
            rank=rank,
            customer_id=one.family,
            rule=one.rule,
            sure=one.sure,
            parts=[[str(part.item_id), str(from_minor(part.amount, line.currency))] for part in one.parts],
            rest=from_minor(one.rest, line.currency),
            adjustments=[
                [str(a.kind), str(a.item_id), str(from_minor(a.amount, line.currency)), a.rate, a.code]
                for a in one.adjustments
            ],
            evidence=[list(told) for told in one.evidence],
        )
        for line, proposals in found
        for rank, one in enumerate(proposals[:_KEPT], start=1)
    )

"""What a person who reconciles is shown: the lines that wait, what each may be for, and what was done lately.

Each read names its organization and takes a fixed number of queries, however many lines there are.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from puntual.parties.models import Customer
from puntual.payments.models import BankLine, LineProposal, LineSettlement, PayerTrait
from puntual.payments.reconciling.running import to_match
from puntual.receivables.models import Installment
from puntual.receivables.queries import ItemBalance, open_items

OPEN_STATES = (BankLine.State.NEW, BankLine.State.PARTLY_MATCHED, BankLine.State.UNMATCHED)
"""The states of a line that waits for somebody."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What an item takes by a proposal, and how much of it is open now."""

    item: Installment
    amount: Decimal

    @property
    def open(self) -> Decimal:
        amount: Decimal = self.item.open_amount
        return amount


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposal leaves open of an item by its name: a rounding, a fee, a discount, a withholding at `rate` percent."""

    kind: str
    number: str
    amount: Decimal
    rate: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal as it is shown. Amounts are in the line's currency; `rest` stays on account."""

    rank: int
    customer: Customer
    rule: str
    sure: bool
    pieces: Sequence[Piece]
    rest: Decimal
    differences: Sequence[Difference]
    evidence: Sequence[tuple[str, str]]

    @property
    def stands(self) -> bool:
        """Whether what it says can still be done: of every item as much is open as it takes."""
        return all(piece.amount <= piece.open for piece in self.pieces)


def lines_waiting(organization_id: UUID) -> QuerySet[BankLine]:
    """The credits nobody has explained yet, in no order."""
    waiting = BankLine.objects.filter(to_match(organization_id), state__in=OPEN_STATES)
    return waiting.select_related("account").defer("raw")


def first_customers(organization_id: UUID, lines: Collection[BankLine]) -> dict[UUID, LineProposal]:
    """The strongest proposal of each line that has one, with its customer."""
    first = LineProposal.objects.filter(organization_id=organization_id, line__in=[line.id for line in lines], rank=1)
    return {one.line_id: one for one in first.select_related("customer")}


def offers(organization_id: UUID, line: BankLine) -> list[Offer]:
    """What a line may be for, the strongest first; what cannot be done any more is left out."""
    found = LineProposal.objects.filter(organization_id=organization_id, line=line).select_related("customer")
    proposals = list(found.order_by("rank"))
    keys = {UUID(row[at]) for one in proposals for rows, at in ((one.parts, 0), (one.adjustments, 1)) for row in rows}
    known = Installment.objects.filter(organization_id=organization_id).select_related("invoice", "customer")
    known_items = known.in_bulk(list(keys))
    made = [
        Offer(
            one.rank,
            one.customer,
            one.rule,
            one.sure,
            [Piece(known_items[UUID(item)], Decimal(amount)) for item, amount in one.parts],
            one.rest,
            [
                Difference(kind, known_items[UUID(item)].invoice.number, Decimal(amount), *by_rate[:1])
                for kind, item, amount, *by_rate in one.adjustments
            ],
            [(by, words) for by, words in one.evidence],
        )
        for one in proposals
    ]
    return [one for one in made if one.stands]


def open_of(organization_id: UUID, customer_ids: Collection[UUID], currency: str) -> dict[UUID, list[ItemBalance]]:
    """What is open in a currency of each of these customers and of those it pays for, by due date."""
    families = Customer.objects.filter(organization_id=organization_id).filter(
        Q(id__in=customer_ids) | Q(paid_by__in=customer_ids)
    )
    payers = {one: payer if payer in customer_ids else one for one, payer in families.values_list("id", "paid_by_id")}
    found: dict[UUID, list[ItemBalance]] = {customer: [] for customer in customer_ids}
    for item in open_items(organization_id, list(payers)):
        if item.currency == currency and item.claim_owner == "ours":
            found[payers[item.customer_id] if item.customer_id not in found else item.customer_id].append(item)
    return found


def settled_lately(organization_id: UUID) -> QuerySet[LineSettlement]:
    """What was made of lines and stands, by a rule or by hand, in no order; its id follows the time."""
    standing = LineSettlement.objects.filter(organization_id=organization_id, undone_at=None)
    return standing.select_related("line", "payment__customer")


def ignored_lately(organization_id: UUID) -> QuerySet[BankLine]:
    """The lines somebody said are no customer's payment, in no order."""
    ignored = BankLine.objects.filter(organization_id=organization_id, state=BankLine.State.IGNORED)
    return ignored.select_related("account").defer("raw")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one currency."""

    currency: str
    lines: int
    amount: Decimal


def waiting_by_currency(organization_id: UUID) -> list[Waiting]:
    """How much waits, each currency for itself."""
    rows = lines_waiting(organization_id).order_by().select_related(None).values_list("currency")
    return [
        Waiting(*row) for row in rows.annotate(n=Count("id"), sum=Sum(F("amount") + F("fees"))).order_by("currency")
    ]


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its latest posted statement; `states` counts that statement's lines, `waiting` all that wait."""

    id: UUID
    restricted: bool
    number: str
    currency: str
    creditor: str
    statement: dict[str, object]
    states: dict[str, int]
    waiting: int
    waiting_amount: Decimal


_ACCOUNTS = """
    SELECT a.id, a.restricted, a.number, a.currency, c.name, s.statement, coalesce(states.counts, '{}'), coalesce(w.lines, 0),
           coalesce(w.amount, 0)
    FROM payments_bankaccount a
    JOIN parties_creditor c ON c.organization_id = %(organization)s AND c.id = a.creditor_id
    LEFT JOIN LATERAL (
        SELECT s.id, jsonb_build_object('opening', s.opening::text, 'closing', s.closing::text,
                                        'difference', s.difference::text, 'from_on', s.from_on, 'to_on', s.to_on,
                                        'format', s.format, 'file_name', s.file_name) AS statement
        FROM payments_bankstatement s
        WHERE s.organization_id = %(organization)s AND s.account_id = a.id AND s.kind = 'posted'
        ORDER BY s.to_on DESC, s.id DESC LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(by_state.state, by_state.lines) AS counts
        FROM (SELECT l.state, count(*) AS lines FROM payments_bankline l
              WHERE l.organization_id = %(organization)s AND l.statement_id = s.id AND l.amount > 0
                AND l.parts = 0 AND NOT l.reverses
              GROUP BY l.state) by_state
    ) states ON true
    LEFT JOIN (
        SELECT l.account_id, count(*) AS lines, sum(l.amount + l.fees) AS amount FROM payments_bankline l
        WHERE l.organization_id = %(organization)s AND l.kind = 'posted' AND l.parts = 0
          AND l.state IN ('new', 'partly_matched', 'unmatched') AND l.amount > 0 AND NOT l.reverses
        GROUP BY l.account_id
    ) w ON w.account_id = a.id
    WHERE a.organization_id = %(organization)s
    ORDER BY c.name, a.currency, a.number, a.id
"""


def accounts(organization_id: UUID) -> list[Account]:
    """The accounts whose statements were read, by creditor and currency. No total mixes two of them."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {"organization": organization_id})
        return [
            Account(
                id,
                restricted,
                number,
                currency,
                creditor,
                json.loads(statement or "{}"),
                json.loads(states),
                lines,
                amount,
            )
            for id, restricted, number, currency, creditor, statement, states, lines, amount in cursor.fetchall()
        ]


def traits(organization_id: UUID, customer_id: UUID | None = None) -> QuerySet[PayerTrait]:
    """By what payers are known and are not forgotten: of one customer, or of all, the latest first."""
    known = PayerTrait.objects.filter(organization_id=organization_id, forgotten_at=None).select_related("customer")
    return known.filter(customer=customer_id).order_by("kind", "id") if customer_id else known

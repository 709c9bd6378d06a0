"""What a manual is made of, as values: its steps, policies and offers, and the words each field may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from puntual.organizations.roles import AUTHORITY, Permission, may, roles_with
from puntual.organizations.roles import ROLES as MEMBER_ROLES
from puntual.strategies.facts import TONES

LANGUAGES = ("es", "en", "pt")
ROLES = ("billing", "approver", "escalation", "notices")
"""Whom at the customer's a step speaks to."""
APPROVALS = ("automatic", "approve")
INTERNALS = ("decision", "credit_block", "tell_salesperson")
CALLERS = roles_with(Permission.CONTACT)
"""The team's roles a step with the customer may go to, the most trusted first."""
ASSIGNEES = tuple(role for role in MEMBER_ROLES if may(role, Permission.HOLD))
"""The team's roles an internal step may go to: whoever may do something about a customer."""
GRANTERS = AUTHORITY
"""Who may grant an offer; whoever stands further on may as well."""
LIMITS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "early_payment": {"percent": (0, 50), "days": (1, 365)},
    "extension": {"days": (1, 365), "times": (1, 12)},
    "plan": {"installments": (2, 60), "days": (1, 3650), "down_percent": (0, 90)},
    "discount": {"percent": (0, 90), "days": (1, 365), "installments": (0, 60)},
}
"""Kinds of offers, and the limits each has, from and to. A `percent` is above zero; a limit from zero on may be left out."""
NUMBERS = ("percent", "days", "installments", "times", "down_percent")
"""The limits of all kinds, in the order they are written."""
FIND_CONTACT, CREDIT_TO_APPLY, REVIEW_OF_TERMS = "find_contact", "credit_to_apply", "review_of_terms"
OTHER_WAY, ASK_PAYER, ASK_INSTRUMENT = "other_way", "ask_payer", "ask_instrument"
GIVE_MISSING, ANSWER_REQUEST = "give_missing", "answer_request"
TASKS = (
    FIND_CONTACT,
    CREDIT_TO_APPLY,
    REVIEW_OF_TERMS,
    OTHER_WAY,
    ASK_PAYER,
    ASK_INSTRUMENT,
    GIVE_MISSING,
    ANSWER_REQUEST,
)
"""Tasks no manual asks for: a decision makes them, a customer who wants no messages, money nobody can tell what it is
for, a letra or a check that is past its day without a word, a customer who lacks something to approve an invoice, or one who
asked for time on its page.

No step may take their codes.
"""
BESIDE = (OTHER_WAY, ASK_INSTRUMENT, GIVE_MISSING)
"""Tasks that keep nobody from the manual's next step with the customer."""
RANK = {tone: rank for rank, tone in enumerate(TONES)}
FRIENDLY, FORMAL = RANK["friendly"], RANK["formal"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who hears what, in which tone, by which channel, from which day.

    `day` counts from the due date (0), before it if negative; with `business_days` only the team's working days count.
    `channels` are tried in this order. `offer` is the code of what may be offered with it. `role` is whom at the customer's
    it speaks to, `assignee` the team's role it goes to ("" for whoever may). An `entry` step is where an item of which nothing
    was said yet starts. A `required` step is never skipped and counts as had only with its `proof`. Below `minimum` (demanded,
    by currency) the step does not run. `gap_days` since the last contact and `needs_delivered` activities for the item come
    before it. An `internal` step is a task for the team and reaches no customer: it has neither tone nor channels. With
    `segments` (codes) a step is only for customers in at least one of them. Where neither an answer nor a payment has come
    `next_after_days` after a channel was used, the same step goes on by the next one (0: the first is enough). With
    `attach_invoices` the files of the invoices asked for go along, as far as they were supplied.
    """

    code: str
    name: str
    day: int
    business_days: bool = False
    channels: tuple[str, ...] = ()
    tone: str = ""
    template: str = ""
    offer: str = ""
    role: str = "billing"
    assignee: str = ""
    approval: str = "approve"
    entry: bool = False
    required: bool = False
    proof: str = ""
    minimum: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    gap_days: int | None = None
    needs_delivered: int = 0
    internal: str = ""
    attach_statement: bool = False
    attach_invoices: bool = False
    next_after_days: int = 0
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule of the house in words: credit, terms, how people are treated. Customers do not get to read a `team_only` one."""

    title: str
    text: str
    team_only: bool = False

    @property
    def code(self) -> str:
        """What it is told from the others by."""
        return self.title


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be granted, within which limits, by whom and from which day on.

    By `kind`: *early_payment*, `percent` less when paid at least `days` before the due date; *extension*, `days` more, `times`
    per invoice at most; *plan*, up to `installments` parts within `days`, the first at least `down_percent` of the total;
    *discount*, up to `percent` less when the rest is paid within `days`, in up to `installments` parts. `granted_by` is the first
    of `GRANTERS` who may grant it without asking, `words` are what the customer hears.

    The situation it is for: the oldest open item is `from_day` to `to_day` days from its due date (an early payment's own item);
    the balance in one of the currencies named is at least `balance_from` and less than `balance_below` (any balance where none is
    named); the customer is in at least one of the `segments` (codes), where there are any.
    """

    code: str
    name: str
    kind: str
    percent: Decimal = Decimal(0)
    days: int = 0
    installments: int = 0
    times: int = 0
    down_percent: Decimal = Decimal(0)
    from_day: int = 0
    to_day: int | None = None
    balance_from: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    balance_below: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    segments: tuple[str, ...] = ()
    granted_by: str = "manager"
    words: str = ""

    def may_be_granted_by(self, role: str) -> bool:
        """Whether a member in that role may grant it without asking."""
        return role in GRANTERS[GRANTERS.index(self.granted_by) :]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is no step: what is said on an occasion, by the first of `channels` that is possible.

    `code` is the occasion, one of `notices.OCCASIONS`, each at most once in a manual. `days` counts from what the occasion is
    about, before or after it as the occasion says; `months` is how far back a recognition looks; within `rest_days` the same
    customer does not get it again. `offer` is the benefit that goes with it.
    """

    code: str
    channels: tuple[str, ...] = ()
    tone: str = "courteous"
    template: str = ""
    days: int = 0
    months: int = 0
    rest_days: int = 0
    offer: str = ""
    role: str = "billing"
    approval: str = "approve"


@dataclass(frozen=True)
class Manual:
    """A strategy's steps in the order of their days, its policies and offers, and its notices beside the steps.

    `language` is that of its names and words; the texts of messages follow the customer's.
    """

    code: str
    name: str
    language: str
    steps: tuple[Step, ...] = field(hash=False)
    policies: tuple[Policy, ...] = field(default=(), hash=False)
    offers: tuple[Offer, ...] = field(default=(), hash=False)
    notices: tuple[Notice, ...] = field(default=(), hash=False)

    @cached_property
    def _by_code(self) -> Mapping[str, Step]:
        return {step.code: step for step in self.steps}

    @cached_property
    def segments(self) -> frozenset[str]:
        """The codes of all segments that a step is limited to."""
        return frozenset(code for step in self.steps for code in step.segments)

    @cached_property
    def offer_segments(self) -> frozenset[str]:
        """The codes of the segments that an offer is limited to: those that a customer's situation depends on."""
        return frozenset(code for offer in self.offers for code in offer.segments)

    def step(self, code: str) -> Step | None:
        """The step of that code; None for another manual's step and for the tasks of `TASKS`."""
        return self._by_code.get(code)

    def offer(self, code: str) -> Offer | None:
        """The offer of that code."""
        return next((offer for offer in self.offers if offer.code == code), None)

    def notice(self, code: str) -> Notice | None:
        """What is said on the occasion of that code."""
        return next((notice for notice in self.notices if notice.code == code), None)

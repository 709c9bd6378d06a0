"""How far an organization is on its way to the first day: six lines, each with what it has and what it lacks.

Everything is read in a fixed number of queries, whatever the size of the portfolio.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from puntual.daily.models import DayRun
from puntual.intake.models import ImportJob
from puntual.organizations.models import Membership, Organization
from puntual.outreach.models import Activity, Capacity, CapturedMessage
from puntual.outreach.plan import room_left
from puntual.parties.models import ContactPoint, Creditor, CreditorAccount, Customer, Sender, Signer
from puntual.parties.signers import signers_of
from puntual.receivables.models import PortfolioDelta
from puntual.strategies.manual import Manual
from puntual.strategies.queries import assignments

MOST = 1000
"""Counts of what is missing stop here: beyond it the number says nothing more."""


@dataclass(frozen=True, slots=True)
class CreditorState:
    """What one creditor lacks: names of its fields, and the currencies owed to it that have no account."""

    creditor: Creditor
    lacks: tuple[str, ...]
    without_account: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.lacks and not self.without_account


@dataclass
class Readiness:
    """An organization on one day. Each attribute is read at most once, when it is first asked for."""

    organization: Organization
    today: date
    now: datetime

    @property
    def id(self) -> UUID:
        return self.organization.id

    # -- data

    @cached_property
    def portfolio(self) -> dict[str, tuple[int, Decimal]]:
        """Open items and their amount, by currency."""
        sums = PortfolioDelta.objects.filter(organization_id=self.id).values_list("currency")
        rows = sums.annotate(items=Sum("open_count"), amount=Sum("open_amount")).order_by("currency")
        return {currency: (items, amount) for currency, items, amount in rows if items}

    @cached_property
    def open_items(self) -> int:
        return sum(items for items, _amount in self.portfolio.values())

    @cached_property
    def customers(self) -> int:
        """At most MOST."""
        return self._counted(Customer.objects.filter(organization_id=self.id))

    @cached_property
    def last_import(self) -> ImportJob | None:
        done = ImportJob.objects.filter(organization_id=self.id, state=ImportJob.State.DONE)
        return done.order_by("-created_at").first()

    # -- a look at it

    @cached_property
    def unreachable(self) -> int:
        """Customers with no way to reach them, at most MOST."""
        points = ContactPoint.objects.filter(
            organization_id=self.id, customer=OuterRef("pk"), retired_on=None, kind__in=["email", "phone", "whatsapp"]
        )
        return self._counted(Customer.objects.filter(organization_id=self.id).filter(~Exists(points)))

    @cached_property
    def undated(self) -> tuple[Creditor, ...]:
        """Creditors with something open whose payments are known through no day."""
        owed = {creditor for creditor, _currency in self.owed}
        return tuple(one for one in self.creditors if one.bank_through is None and (one.id in owed or not owed))

    @cached_property
    def owed(self) -> frozenset[tuple[UUID, str]]:
        """Which creditors have something open in which currency."""
        sums = PortfolioDelta.objects.filter(organization_id=self.id).values("creditor_id", "currency")
        rows = sums.annotate(items=Sum("open_count")).filter(items__gt=0)
        return frozenset(rows.values_list("creditor_id", "currency"))

    # -- who you are

    def _lacks(self, creditor: Creditor) -> tuple[str, ...]:
        signs = creditor.signs_as or any(one.creditor_id in (creditor.id, None) for one in self.signers)
        has = {"sender": creditor.id in self.verified, "signs_as": signs, "tax_id": creditor.tax_id}
        return tuple(name for name, there in has.items() if not there)

    @cached_property
    def verified(self) -> frozenset[UUID]:
        """The creditors with a verified e-mail sender."""
        senders = Sender.objects.filter(
            organization_id=self.id, channel=Sender.Channel.EMAIL, verified_at__isnull=False
        )
        return frozenset(senders.values_list("creditor_id", flat=True))

    @cached_property
    def signers(self) -> Sequence[Signer]:
        return signers_of(self.id)

    @cached_property
    def creditors(self) -> Sequence[Creditor]:
        return list(Creditor.objects.filter(organization_id=self.id).order_by("name", "id"))

    @cached_property
    def creditor_states(self) -> Sequence[CreditorState]:
        accounts = CreditorAccount.objects.filter(organization_id=self.id)
        lasting = accounts.filter(Q(ends_on=None) | Q(ends_on__gte=self.today))
        has = set(lasting.values_list("creditor_id", "currency"))
        states = []
        for creditor in self.creditors:
            wanted = sorted(currency for owner, currency in self.owed if owner == creditor.id) or [creditor.currency]
            states.append(
                CreditorState(
                    creditor,
                    self._lacks(creditor),
                    tuple(currency for currency in wanted if (creditor.id, currency) not in has),
                )
            )
        return states

    @cached_property
    def incomplete_creditors(self) -> Sequence[CreditorState]:
        return [state for state in self.creditor_states if not state.complete]

    # -- channels

    @property
    def mail_server(self) -> bool:
        return bool(settings.ANYMAIL_URL or settings.SMTP_URL)

    @cached_property
    def emails_per_day(self) -> int | None:
        """None where there is no limit."""
        capacity = Capacity.objects.filter(organization_id=self.id, channel=Activity.Channel.EMAIL).first()
        return capacity.per_day if capacity else None

    @cached_property
    def calls_today(self) -> int:
        """How many more calls today takes."""
        return room_left(self.id, self.today).get("call", 0)

    @cached_property
    def members(self) -> int:
        lasting = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=self.today))
        return lasting.filter(organization=self.organization).count()

    # -- the manual

    @cached_property
    def manual(self) -> Manual | None:
        found = assignments(self.id)
        return found.of_organization[1] if found else None

    # -- rehearsal

    @cached_property
    def waiting(self) -> Mapping[str, int]:
        """Messages to approve, calls to make and tasks to do, each at most MOST."""
        own = Activity.objects.filter(organization_id=self.id)
        to_do = own.filter(state=Activity.State.TO_DO)
        return {
            "messages": self._counted(own.filter(state=Activity.State.PROPOSED)),
            "calls": self._counted(to_do.exclude(channel=Activity.Channel.INTERNAL)),
            "tasks": self._counted(to_do.filter(channel=Activity.Channel.INTERNAL)),
        }

    @cached_property
    def captured(self) -> int:
        """Messages in the capture mailbox, at most MOST."""
        return self._counted(CapturedMessage.objects.filter(organization_id=self.id))

    @cached_property
    def run_today(self) -> DayRun | None:
        runs = DayRun.objects.filter(organization_id=self.id, day=self.today, finished_at__isnull=False)
        return runs.order_by("-started_at").first()

    # -- done or not

    @cached_property
    def done(self) -> dict[str, bool]:
        """Which of the six lines are done."""
        return {
            "data": self.open_items > 0,
            "look": self.open_items > 0 and not self.undated,
            "who": not self.incomplete_creditors,
            "channels": self.mail_server,
            "manual": self.manual is not None,
            "live": self.organization.is_live,
        }

    @cached_property
    def blockers(self) -> tuple[str, ...]:
        """What makes it impossible to go live: codes of `views.setup.BLOCKERS`."""
        found = {
            "no_data": not self.open_items,
            "no_sender": not self.verified,
            "no_manual": self.manual is None,
        }
        return tuple(code for code, holds in found.items() if holds)

    @staticmethod
    def _counted(rows: QuerySet[Any]) -> int:
        return rows.order_by()[:MOST].count()


MINUTES = {"data": 2, "look": 1, "who": 2, "channels": 1, "manual": 1, "live": 1}
"""How long each line takes somebody who has what it asks for at hand."""

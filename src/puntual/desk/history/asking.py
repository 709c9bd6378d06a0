"""What the address of a customer's page asks of its time line, and what the form beside it offers."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.desk import words
from puntual.desk.customers import as_uuid
from puntual.desk.history.order import KINDS, Moment, Narrowed
from puntual.kernel.days import as_day
from puntual.kernel.problems import N_, Problem
from puntual.outreach.models import Activity

OFFERED = tuple(kind for kind in KINDS if kind not in ("messages", "calls"))
CHANNELS = tuple(channel for channel in Activity.Channel.values if channel != Activity.Channel.INTERNAL)
_OURS, _THEIRS = "us-", "them-"
Names = Iterable[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices of the form, each with whether it is chosen."""

    kinds: list[tuple[str, str, bool]]
    channels: list[tuple[str, str, bool]]
    theirs: list[tuple[str, str, bool]]
    ours: list[tuple[str, str, bool]]
    first: date | None
    last: date | None
    further: int

    @property
    def narrowed(self) -> bool:
        return bool(self.further) or not self.kinds[0][2]


def asked(query: Mapping[str, str], ours: Mapping[UUID, str]) -> Narrowed:
    """What an address asks for; what it says that cannot be meant is left out. `ours` are the members and their names."""
    kind, channel, whose = query.get("kind", ""), query.get("channel", ""), query.get("person", "")
    member = as_uuid(whose.removeprefix(_OURS)) if whose.startswith(_OURS) else None
    return Narrowed(
        kind=kind if kind in KINDS else "all",
        channel=channel if channel in CHANNELS else "",
        person=as_uuid(whose.removeprefix(_THEIRS)) if whose.startswith(_THEIRS) else None,
        member=member if member in ours else None,
        member_name=ours.get(member, "") if member else "",
        first=as_day(query.get("from", "")),
        last=as_day(query.get("to", "")),
    )


def offer(narrowed: Narrowed, theirs: Names, ours: Names) -> Offer:
    """The form as it stands for what is shown."""
    return Offer(
        kinds=[(name, kind(name), name == narrowed.kind) for name in OFFERED],
        channels=[(name, _(words.CHANNELS[name]), name == narrowed.channel) for name in CHANNELS],
        theirs=[(f"{_THEIRS}{key}", name, key == narrowed.person) for key, name in theirs],
        ours=[(f"{_OURS}{key}", name, key == narrowed.member) for key, name in ours],
        first=narrowed.first,
        last=narrowed.last,
        further=sum(map(bool, (narrowed.channel, narrowed.person or narrowed.member, narrowed.first or narrowed.last))),
    )


def kind(name: str) -> str:
    """What a kind of the time line is called."""
    return {
        "all": pgettext("history", "All"),
        "contacts": _("Contacts"),
        "answers": _("Answers"),
        "payments": _("Payments"),
        "invoices": _("Invoices"),
        "agreements": _("Agreements"),
        "disputes": _("Disputes"),
        "pauses": _("Pauses"),
        "notes": _("Notes"),
        "changes": pgettext("history", "Changes"),
    }[name]


def key_of(moment: Moment) -> str:
    """A moment as an address has it: the list goes on after it."""
    return base64.urlsafe_b64encode(json.dumps([moment.at.isoformat(), str(moment.id)]).encode()).decode().rstrip("=")


def moment_of(key: str) -> tuple[datetime, UUID] | None:
    """The moment a key stands for; None for none. Raises Problem for what is no key of ours."""
    if not key:
        return None
    try:
        at, last = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(last)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise Problem(
            N_("This page of the list cannot be found any more. Go back to the beginning of the list.")
        ) from error

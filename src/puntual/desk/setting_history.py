"""The history of the settings: who changed what on each of their pages, and when, from the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puntual.audit.models import Record

MOST = 50

PLACES: Mapping[str, Mapping[str, str | Promise]] = {
    "organization": {
        "organization.create": _("The organization was made"),
        "organization.change": _("The organization's data changed"),
        "organization.go_live": _("The rehearsal ended: messages leave"),
    },
    "creditors": {
        "creditor.create": _("A creditor was made"),
        "creditor.change": _("A creditor's data changed"),
        "creditor.add_account": _("A bank account was added"),
        "creditor.end_account": _("A bank account ended"),
        "creditor.data_through": _("It was noted until when the books are known"),
        "receivables.close_period": _("A period was closed"),
        "receivables.set_interest_terms": _("Terms of interest were set"),
        "receivables.end_interest_terms": _("Terms of interest ended"),
        "sender.declare": _("A sender was declared"),
        "sender.verify": _("A sender was verified"),
        "sender.confirm": _("A sender was confirmed"),
        "sender.remove": _("A sender was removed"),
    },
    "identity": {
        "organization.identity": _("The name messages are signed in changed"),
        "signer.save": _("A signer was written down"),
        "signer.remove": _("Somebody no longer signs"),
    },
    "channels": {
        "capacity.set": _("How many go out a day was set"),
        "outreach.test_message": _("A test message was sent"),
        "outreach.try_provider": _("A channel was tried"),
        "whatsapp.map_text": _("An approved WhatsApp text was assigned"),
        "whatsapp.unmap_text": _("An approved WhatsApp text was taken away"),
    },
    "calendar": {
        "organization.rules": _("The limits changed"),
        "holiday.set": _("A day of the calendar was set"),
        "holiday.remove": _("A day of the calendar was taken away"),
        "tolerance.set": _("What is too small to ask for was set"),
    },
    "members": {
        "member.add": _("A member was added"),
        "member.change": _("A member's role changed"),
        "member.end": _("A membership ended"),
        "member.reset_password": _("A member's password was set anew"),
    },
    "retention": {
        "retention.set": _("A retention period was set"),
        "retention.turn": _("A retention period was switched on or off"),
        "retention.remove": _("A retention period was taken away"),
        "retention.forget": _("What had passed its period was forgotten"),
    },
    "statements": {
        "statements.schedule": _("Account statements were scheduled"),
        "statements.unschedule": _("Account statements were unscheduled"),
    },
    "credit": {
        "credit.draft": _("A draft of the credit policy was begun"),
        "credit.change_policy": _("The draft of the credit policy changed"),
        "credit.activate_policy": _("A credit policy came into force"),
        "credit.discard_draft": _("A draft of the credit policy was discarded"),
    },
}
"""For each place of the settings, by the word in its address, the actions that change it and what they are called."""

_TOLD = frozenset({"email", "name", "day", "amount", "currency", "per_day", "months", "number"})
"""Facts of an entry that a person reads as they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change: when, by whom, what; and each value before and after, or as it was given."""

    at: datetime
    who: str
    what: str | Promise
    values: tuple[tuple[str, str], ...]
    why: str


def place_of(path: str) -> str:
    """The place of the settings an address `/o/<slug>/settings/<place>…` lies in; nothing outside of them."""
    words = path.split("/")
    found = words[4] if len(words) > 4 and words[3] == "settings" else ""
    return found if found in PLACES else ""


def lines(organization_id: UUID, place: str) -> list[Line]:
    """The last changes on a place of PLACES, newest first."""
    said = PLACES[place]
    rows = Record.objects.filter(organization_id=organization_id, action__in=list(said)).order_by("-at", "-id")
    return [Line(row.at, row.actor_name, said[row.action], tuple(_values(row.detail)), row.why) for row in rows[:MOST]]


def _values(detail: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in detail.items():
        if isinstance(value, list) and len(value) == 2:
            before, after = ("" if one is None else str(one) for one in value)
            yield before or "—", after or "—"
        elif name in _TOLD and value not in (None, ""):
            yield "", str(value)

"""One dispute as the desk shows it: its talk as a time line, its files, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.desk import formats
from puntual.desk.history.lines import Event
from puntual.desk.history.said import Said
from puntual.desk.standing import coded
from puntual.disputes import words
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.disputes.queries import evidence, notes
from puntual.disputes.states import verbs_in
from puntual.organizations.models import User
from puntual.outreach.notices.objections import without_answered

_ICONS: Final[Mapping[str, str]] = {
    "restate": "adjustments",
    "assign": "user-edit",
    "extend": "clock-pause",
    "escalate": "users",
    "accept": "circle-check",
    "credit": "file-minus",
    "correct": "file-invoice",
    "reject": "ban",
    "withdraw": "arrow-back-up",
    "reopen": "player-play",
}
DECISIONS: Final = ("accept", "credit", "correct", "reject", "withdraw", "reopen")
NEEDS: Final[Mapping[str, str]] = {"accept": "adjust", "credit": "adjust", "correct": "adjust"}
"""Of what is done with a dispute, that which lowers a balance; the rest is for whoever may pause."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done now: its page and what stands on its button."""

    page: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a dispute is made of."""

    days: Sequence[tuple[date, list[Event]]]
    files: Sequence[Evidence]
    actions: Sequence[Action]
    primary: Action | None
    escalated_to: str
    untold: bool


def shown(dispute: Dispute, role_may: Mapping[str, bool]) -> Shown:
    """The dispute's talk by day, its files, and what a member may do with it."""
    said = notes(dispute)
    files = list(evidence(dispute.organization_id, [dispute.id]))
    events = sorted([_opened(dispute), *map(_line, said), *map(_file, files)], key=lambda event: event.at)
    possible = [verb for verb in verbs_in(dispute.state) if verb in DECISIONS]
    allowed = [Action(f"dispute_{verb}", _verb(verb)) for verb in possible if role_may[NEEDS.get(verb, "hold")]]
    primary = next((one for one in allowed if one.page == "dispute_credit"), None)
    told = any(
        note.kind == DisputeNote.Kind.OURS and dispute.resolved_at and note.at >= dispute.resolved_at for note in said
    )
    if not told and dispute.resolved_at:
        mine = Dispute.objects.filter(organization_id=dispute.organization_id, pk=dispute.pk)
        told = not without_answered(mine).exists()
    return Shown(
        [(day, list(of_day)) for day, of_day in groupby(events, key=lambda event: event.day)],
        files,
        [one for one in allowed if one is not primary],
        primary,
        _name(dispute.escalated_to),
        bool(dispute.resolved_at) and not told and dispute.state != Dispute.State.WITHDRAWN,
    )


def _name(user_id: UUID | None) -> str:
    found = User.objects.filter(pk=user_id).first() if user_id else None
    return str(found or "")


def _verb(verb: str) -> str:
    return {
        "accept": pgettext("dispute", "They are right"),
        "credit": pgettext("dispute", "Credit note"),
        "correct": pgettext("dispute", "Corrected invoice"),
        "reject": pgettext("dispute", "Reject"),
        "withdraw": pgettext("dispute", "They let it go"),
        "reopen": pgettext("dispute", "Open it again"),
    }[verb]


def _opened(dispute: Dispute) -> Event:
    amount = coded(dispute.amount, dispute.currency)
    said = dispute.said or words.source(dispute.source)
    return Event(
        dispute.opened_at,
        True,
        Said(
            "message",
            _("Disputed: {reason}").format(reason=words.reason(dispute.reason).lower()),
            rest=amount,
            text=f"{dispute.said_by}: {said}" if dispute.said_by and dispute.said else said,
            who=dispute.opened_by,
        ),
    )


def _line(note: DisputeNote) -> Event:
    if note.kind == DisputeNote.Kind.STEP:
        said = Said(_ICONS[note.step], words.step(note.step), rest=facts(note), text=note.text, who=note.by_name)
    else:
        icon, title = {
            DisputeNote.Kind.INNER: ("note", _("Note for the team")),
            DisputeNote.Kind.CUSTOMER: ("message", _("The customer says")),
            DisputeNote.Kind.OURS: ("send", _("We told the customer")),
        }[DisputeNote.Kind(note.kind)]
        said = Said(icon, title, text=note.text, who=note.by_name)
    return Event(note.at, True, said)


def facts(note: DisputeNote) -> str:
    """What a step was about, in few words: from one day or amount to another, to whom, by which document."""
    detail: Mapping[str, Any] = note.detail
    match note.step:
        case "restate":
            before, after = (coded(Decimal(detail[name]), detail["currency"]) for name in ("before", "after"))
            parts = [_("{before} to {after}").format(before=before, after=after)]
            if other := detail.get("reason"):
                parts.append(words.reason(other).lower())
            return ", ".join(parts)
        case "extend":
            return formats.long_date(date.fromisoformat(detail["after"]))
        case "assign":
            return str(detail["owner"])
        case "accept":
            return coded(Decimal(detail["amount"]), detail["currency"])
        case "credit":
            return f"{detail['number']}, {coded(Decimal(detail['amount']), detail['currency'])}"
        case "correct":
            return str(detail["number"])
        case _:
            return ""


def _file(file: Evidence) -> Event:
    title = _("File of the customer") if file.theirs else _("File added")
    said = Said("file-text", title, rest=file.name, who=file.added_by, page="dispute_file", key=file.id)
    return Event(file.added_at, True, said)

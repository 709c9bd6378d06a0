"""Setting the letters of a batch: each is looked at again, set, kept with its hash, and put into what the printer gets.

A batch goes in chunks, each one transaction and one file for the printer: memory stays flat, and a killed worker goes on where it
was. Whoever fell out is listed with the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Refused
from puntual.kernel.problems import N_, Problem
from puntual.kernel.remembering import remembering
from puntual.organizations.models import Organization
from puntual.outreach.channels.letter.document import Sheet, set_letters, values_of
from puntual.outreach.channels.letter.models import PrintBatch, PrintedLetter, PrintFile
from puntual.outreach.channels.letter.pages import page_count
from puntual.outreach.models import Activity
from puntual.outreach.prepare import Prepared, look, prepare
from puntual.outreach.refusals import as_data
from puntual.outreach.surroundings import surroundings
from puntual.outreach.variables import Letter

CHUNK = 200
"""Letters in one transaction and in one file for the printer: some five seconds, and a file a printer takes."""
_State = PrintedLetter.State


def make_next(by: Actor, batch_id: UUID, size: int = CHUNK) -> bool:
    """Set the next letters of a batch; whether there are more. One that is made already is left as it is.

    Raises PrintBatch.DoesNotExist.
    """
    with action(by, "letters.make") as log:
        batch = PrintBatch.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, pk=batch_id)
        log.about(batch)
        rows = PrintedLetter.objects.filter(organization_id=by.organization_id, batch=batch, state=_State.CLAIMED)
        letters = list(rows.order_by("place")[:size])
        if letters:
            made = _make(by, batch, letters)
            log.say(made=len(made), fell_out=len(letters) - len(made))
        more = rows.exists()
        _count(batch, more=more)
    return more


def _make(by: Actor, batch: PrintBatch, letters: Sequence[PrintedLetter]) -> list[PrintedLetter]:
    organization = Organization.objects.get(pk=by.organization_id)
    activities = Activity.objects.select_related("customer__party", "customer__creditor").filter(
        organization_id=by.organization_id, pk__in=[one.activity_id for one in letters]
    )
    by_id = {one.pk: one for one in activities}
    seen = look(organization, list(by_id.values()), by.now, surroundings(organization, by.today))
    sheets: list[Mapping[str, Any]] = []
    made: list[PrintedLetter] = []
    with remembering():
        for letter in letters:
            activity = by_id[letter.activity_id]
            values = _one(by, batch, letter, activity, partial(prepare, organization, seen=seen))
            if values is not None:
                sheets.append(values)
                made.append(letter)
    PrintedLetter.objects.bulk_update(letters, _KEPT, batch_size=100)
    if made:
        _keep_file(by, batch, sheets)
    return made


_KEPT = [
    "state",
    "reason",
    "refusal",
    "point_id",
    "address",
    "country",
    "language",
    "subject",
    "text",
    "note",
    "demand",
    "items",
    "item_steps",
    "pages",
    "sha256",
    "pdf",
]


def _one(
    by: Actor, batch: PrintBatch, letter: PrintedLetter, activity: Activity, prepared_at: Callable[..., Prepared]
) -> Mapping[str, Any] | None:
    """Set one letter, or say why it may not be posted any more; None for that."""
    try:
        prepared = prepared_at(activity, by.now)
        if _falls_out(by, letter, activity, prepared):
            return None
        return _set(by, batch, letter, activity, prepared)
    except Problem as problem:
        _out(by, letter, activity, Activity.State.TO_DO, "not_made_up", note=problem.text())
        return None


def _falls_out(by: Actor, letter: PrintedLetter, activity: Activity, prepared: Prepared) -> bool:
    answer = prepared.answer
    if prepared.stop:
        _out(by, letter, activity, Activity.State.LAPSED, prepared.stop)
    elif not activity.customer.creditor.address.strip():
        _out(by, letter, activity, Activity.State.TO_DO, "no_letterhead")
    elif isinstance(answer, Refused):
        letter.refusal = activity.refusal = as_data(answer)
        if answer.again_from:
            _out(by, letter, activity, Activity.State.TO_DO, "outside_hours", not_before=answer.again_from)
        else:
            _out(by, letter, activity, Activity.State.LAPSED, "conduct")
    else:
        return False
    return True


def _out(
    by: Actor,
    letter: PrintedLetter,
    activity: Activity,
    state: str,
    reason: str,
    *,
    note: str = "",
    not_before: datetime | None = None,
) -> None:
    letter.state, letter.reason, letter.note = _State.FELL_OUT, reason, note
    activity.state = state
    activity.result, activity.note = ("" if state == Activity.State.TO_DO else reason), note or activity.note
    activity.settled_at = None if state == Activity.State.TO_DO else by.now
    activity.not_before = not_before or activity.not_before
    if state == Activity.State.TO_DO:
        activity.claimed_at = None
    activity.save(update_fields=["state", "result", "note", "settled_at", "not_before", "refusal", "claimed_at"])


def _set(
    by: Actor, batch: PrintBatch, letter: PrintedLetter, activity: Activity, prepared: Prepared
) -> Mapping[str, Any]:
    to, wording = prepared.recipient, prepared.wording
    if to is None or wording is None:
        raise Problem(N_("There is no text for this letter. Write one under Manual, Texts."))
    said = Letter(activity.customer, to, prepared.asked, by.today)
    values = values_of(said, wording, Sheet(letter.code, batch.window, batch.sample))
    letter.pdf = set_letters([values], _title(letter, values), by.now)
    letter.sha256 = sha256(letter.pdf).hexdigest()
    letter.pages = page_count(letter.pdf)
    activity.signed_by = wording.signed_by
    activity.save(update_fields=["signed_by"])
    letter.state, letter.point_id = _State.MADE, to.point_id
    letter.address, letter.country = values["address"], activity.customer.party.country
    letter.language, letter.subject, letter.text = wording.language, wording.subject, wording.text
    letter.note = wording.note
    letter.demand = {currency: str(amount) for currency, amount in prepared.asked.amounts.items()}
    asked = {item.id for item, _ in prepared.asked.lines}
    pairs = [pair for pair in zip(activity.items, activity.item_steps, strict=True) if str(pair[0]) in asked]
    letter.items, letter.item_steps = [item for item, _ in pairs], [step for _, step in pairs]
    return values


def _title(letter: PrintedLetter, values: Mapping[str, Any]) -> str:
    return f"{values['creditor']} {letter.code}"


def _keep_file(by: Actor, batch: PrintBatch, sheets: Sequence[Mapping[str, Any]]) -> None:
    files = PrintFile.objects.filter(organization_id=by.organization_id, batch=batch)
    part = files.count() + 1
    pdf = set_letters(sheets, f"{sheets[0]['creditor']} {batch.number}/{part}", by.now)
    PrintFile.objects.create(
        organization_id=by.organization_id,
        batch=batch,
        part=part,
        letters=len(sheets),
        sha256=sha256(pdf).hexdigest(),
        pdf=pdf,
    )


def _count(batch: PrintBatch, *, more: bool) -> None:
    counts = PrintedLetter.objects.filter(organization_id=batch.organization_id, batch=batch).aggregate(
        made=Count("id", filter=Q(state=_State.MADE)), out=Count("id", filter=Q(state=_State.FELL_OUT))
    )
    batch.made, batch.fell_out = counts["made"], counts["out"]
    if not more:
        batch.state = PrintBatch.State.READY if batch.made else PrintBatch.State.CLOSED
    batch.save(update_fields=["made", "fell_out", "state"])

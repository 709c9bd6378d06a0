"""Actions that add what was said and shown, and that say whose it is and until when. Callers import them from `actions`."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.disputes.evidence import MOST_FILES, document_of
from puntual.disputes.keeping import HELD, locked, note_step, team_calendar
from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.disputes.problems import ReasonMissing
from puntual.disputes.states import FURTHEST_DAYS, review_on, state_after
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership, Organization
from puntual.organizations.queries import members_of
from puntual.receivables.actions import redate_holds

MOST_LETTERS = 10_000


def add_note(
    by: Actor, dispute_id: UUID, text: str, *, kind: str = DisputeNote.Kind.INNER, source_id: UUID | None = None
) -> DisputeNote:
    """Write down a note for the team (`inner`), what the customer said (`customer`) or what we said to them (`ours`).

    It is never changed. Also of a settled dispute: that is when the customer is told. Raises Dispute.DoesNotExist, Problem
    without words or with too many, ValueError for another kind.
    """
    said = text.strip()
    if not said:
        raise Problem(N_("Write something first."))
    if len(said) > MOST_LETTERS:
        raise Problem(N_("This is longer than {most} letters. Attach it as a file."), most=MOST_LETTERS)
    if kind == DisputeNote.Kind.STEP:
        raise ValueError("a step is written by what takes it")
    with action(by, "disputes.note", kind=kind) as log:
        found = locked(by, dispute_id)
        log.about(found)
        return DisputeNote.objects.create(
            organization_id=by.organization_id,
            dispute=found,
            kind=DisputeNote.Kind(kind),
            text=said,
            source_id=source_id,
            at=by.now,
            by_name=by.name,
        )


def add_evidence(by: Actor, dispute_id: UUID, name: str, content: bytes, *, theirs: bool = False) -> Evidence:
    """Keep a file as it was supplied, by us or by the customer (`theirs`). The same file again is the first one.

    Raises Dispute.DoesNotExist, Problem for what `evidence.document_of` refuses and beyond `MOST_FILES`.
    """
    document = document_of(name, content)
    with action(by, "disputes.add_evidence", name=document.name, theirs=theirs) as log:
        found = locked(by, dispute_id)
        log.about(found)
        mine = Evidence.objects.filter(organization_id=by.organization_id, dispute=found).defer("content")
        kept = mine.filter(digest=document.digest).first()
        log.say(digest=document.digest, new=kept is None)
        if kept is not None:
            return kept
        if mine.count() >= MOST_FILES:
            raise Problem(N_("There are {most} files already. Put more of them into one."), most=MOST_FILES)
        return Evidence.objects.create(
            organization_id=by.organization_id,
            dispute=found,
            name=document.name,
            kind=document.kind,
            digest=document.digest,
            size=len(content),
            content=content,
            theirs=theirs,
            added_at=by.now,
            added_by=by.name,
        )


def assign(by: Actor, dispute_id: UUID, owner_id: UUID) -> Dispute:
    """Give a dispute to a member, who sees to it from now on. Raises Dispute.DoesNotExist, Problem for who is no member."""
    with action(by, "disputes.assign", owner=owner_id) as log:
        found = locked(by, dispute_id)
        log.about(found)
        member = next((one for one in members_of(by.organization_id, by.today) if one.user_id == owner_id), None)
        if member is None:
            raise Problem(N_("Nobody of that name signs in here. Choose a member."))
        if found.owner_id != owner_id:
            found.owner_id = owner_id
            found.save(update_fields=["owner_id"])
            note_step(by, found, "assign", owner=str(member.user))
    return found


def extend_deadline(by: Actor, dispute_id: UUID, deadline: date, *, why: str) -> Dispute:
    """Put the day of the answer off, with the reason; what is disputed is held for as long, and it is no longer overdue.

    Raises Dispute.DoesNotExist, NotInThisState, ReasonMissing, Problem for a day that is no later or is too far away.
    """
    if not why.strip():
        raise ReasonMissing
    with action(by, "disputes.extend_deadline", why=why.strip(), deadline=deadline) as log:
        found = locked(by, dispute_id)
        log.about(found)
        found.state = state_after(found.state, "extend")
        if deadline <= max(found.deadline, by.today):
            raise Problem(N_("Choose a day after {day}."), day=max(found.deadline, by.today))
        if (deadline - by.today).days > FURTHEST_DAYS:
            raise Problem(N_("Choose a day within the next {most} days."), most=FURTHEST_DAYS)
        before = found.deadline
        log.say(before=before)
        found.deadline, found.escalated_on, found.escalated_to = deadline, None, None
        found.save(update_fields=["deadline", "escalated_on", "escalated_to"])
        organization = Organization.objects.get(id=by.organization_id)
        redate_holds(by, [found.id], review_on(team_calendar(organization), deadline, by.today), reason=HELD)
        note_step(by, found, "extend", why, before=before, after=deadline)
    return found


def managers_first(organization_id: UUID, today: date) -> list[UUID]:
    """To whom something overdue goes, in this order: the managers, then the owners of the organization."""
    members = members_of(organization_id, today)
    roles = (Membership.Role.MANAGER, Membership.Role.OWNER)
    return [member.user_id for role in roles for member in members if member.role == role]

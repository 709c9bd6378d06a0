"""Actions on versions of the credit policy. Callers import them from `credit.actions`."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.strategies.credit.files import from_toml
from puntual.strategies.credit.models import CreditPolicy
from puntual.strategies.credit.policy import (
    EVERYBODY,
    Paragraph,
    Policy,
    Rule,
    faults,
    from_content,
    starter,
    to_content,
)
from puntual.strategies.credit.queries import draft as standing_draft
from puntual.strategies.credit.queries import in_force
from puntual.strategies.models import StoredSegment


def make_policy_draft(by: Actor, *, name: str, currency: str) -> CreditPolicy:
    """A draft to write in: the one there is, else a copy of what is in force, else one rule for everybody called `name`."""
    with action(by, "credit.draft") as log:
        if existing := standing_draft(by.organization_id):
            return existing
        active = in_force(by.organization_id)
        content = active.content if active else to_content(starter(name, currency))
        last = CreditPolicy.objects.filter(organization_id=by.organization_id).aggregate(last=Max("number"))["last"]
        made = CreditPolicy.objects.create(
            organization_id=by.organization_id, number=(last or 0) + 1, content=content, created_at=by.now
        )
        log.about(made)
        log.say(number=made.number, of=active.number if active else None)
    return made


def import_policy(by: Actor, file: str) -> CreditPolicy:
    """Write what a TOML file says into the draft, which is made where there is none; nothing follows it before it is activated.

    Raises Problem, and keeps nothing, for a file that is no policy or one that this organization cannot have.
    """
    policy = from_toml(file)
    with action(by, "credit.import_policy") as log:
        draft = make_policy_draft(by, name=policy.name, currency="")
        log.about(draft)
        return _edit(by, draft.id, "file", lambda _before: policy)


def discard_policy_draft(by: Actor, draft_id: UUID) -> None:
    """Do away with a draft. Raises CreditPolicy.DoesNotExist, Problem for a version that was in force."""
    with action(by, "credit.discard_draft") as log:
        found = _locked(by, draft_id)
        log.about(found)
        found.delete()


def rename_policy(by: Actor, draft_id: UUID, name: str) -> CreditPolicy:
    """Call a draft something else."""
    return _edit(by, draft_id, "name", lambda policy: Policy(name.strip(), policy.rules, policy.paragraphs))


def put_rule(by: Actor, draft_id: UUID, rule: Rule, *, replaces: str | None = None) -> CreditPolicy:
    """Write a rule in a draft: in place of the one for the segment `replaces`, or a new one."""
    return _edit(by, draft_id, "rule", lambda policy: policy.with_rule(rule, replaces))


def drop_rule(by: Actor, draft_id: UUID, segment: str) -> CreditPolicy:
    """Take a rule out of a draft; the one for everybody stays."""
    if segment == EVERYBODY:
        raise Problem(N_("The rule for everybody stays: change it instead."))
    return _edit(by, draft_id, "rule", lambda policy: policy.without_rule(segment))


def put_paragraphs(by: Actor, draft_id: UUID, language: str, paragraphs: tuple[Paragraph, ...]) -> CreditPolicy:
    """What the text for customers says besides, in one language."""

    def change(policy: Policy) -> Policy:
        others = tuple(one for one in policy.paragraphs if one.language != language)
        return Policy(policy.name, policy.rules, (*others, *paragraphs))

    return _edit(by, draft_id, "paragraphs", change)


def activate_policy(by: Actor, draft_id: UUID) -> CreditPolicy:
    """Put a draft into force; the version it replaces is retired. Raises CreditPolicy.DoesNotExist, Problem."""
    with action(by, "credit.activate_policy") as log:
        found = _locked(by, draft_id)
        log.about(found)
        _check(by, from_content(found.content))
        replaced = in_force(by.organization_id)
        if replaced:
            replaced.state, replaced.retired_at = CreditPolicy.State.RETIRED, by.now
            replaced.save(update_fields=["state", "retired_at"])
        found.state, found.activated_at, found.activated_by = CreditPolicy.State.ACTIVE, by.now, by.name
        found.save(update_fields=["state", "activated_at", "activated_by"])
        log.say(number=found.number, replaces=replaced.number if replaced else None)
    return found


def _edit(by: Actor, draft_id: UUID, what: str, change: Callable[[Policy], Policy]) -> CreditPolicy:
    with action(by, "credit.change_policy", what=what) as log:
        found = _locked(by, draft_id)
        log.about(found)
        changed = change(from_content(found.content))
        _check(by, changed)
        log.say(before=found.content)
        found.content = to_content(changed)
        found.save(update_fields=["content"])
    return found


def _check(by: Actor, policy: Policy) -> None:
    codes = set(StoredSegment.objects.filter(organization_id=by.organization_id).values_list("code", flat=True))
    for fault in faults(policy, codes):
        raise fault


def _locked(by: Actor, draft_id: UUID) -> CreditPolicy:
    rows = CreditPolicy.objects.select_for_update()
    found = rows.get(organization_id=by.organization_id, pk=draft_id)
    if found.state != CreditPolicy.State.DRAFT:
        raise Problem(N_("Only a draft is changed. Make one from what is in force."))
    return found

"""Everything that writes a strategy: drafts, the built-in manual, activation, and which strategy applies to whom."""

from typing import Any

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.parties.models import Creditor, Customer
from puntual.strategies.builtin import STANDARD, builtin
from puntual.strategies.fitness import faults_here
from puntual.strategies.manual import Manual, from_content, from_toml, to_content
from puntual.strategies.models import Assignment, StoredSegment, Strategy, Version
from puntual.tenancy.scope import acting_for


def install_builtin(by: Actor, language: str, kind: str = STANDARD) -> Version:
    """Make a built-in manual active and the organization's own. Once there is an active version of it, that one is kept.

    Raises Problem where there is no such kind.
    """
    manual = builtin(language, kind)
    with action(by, "strategies.install_builtin", kind=kind, language=manual.language) as log:
        active = Version.objects.filter(
            organization_id=by.organization_id, strategy__code=manual.code, state=Version.State.ACTIVE
        ).first()
        version = active or activate(by, _draft(by, manual))
        assign(by, version.strategy)
        log.about(version)
    return version


def import_draft(by: Actor, toml: str) -> Version:
    """A draft from a manual in TOML, under the strategy its code names; the same text again gives the same draft.

    Raises Problem naming the step and the field where the manual cannot be followed.
    """
    manual = from_toml(toml)
    with acting_for(by.organization_id):
        same = Version.objects.filter(
            organization_id=by.organization_id,
            strategy__code=manual.code,
            state=Version.State.DRAFT,
            content=to_content(manual),
        ).first()
    return same or _draft(by, manual)


def activate(by: Actor, version: Version) -> Version:
    """Put a draft into force and retire the version it replaces. Raises Problem where it is no draft or cannot be followed."""
    with action(by, "strategies.activate", about=version) as log:
        strategy = Strategy.objects.select_for_update().get(organization_id=by.organization_id, pk=version.strategy_id)
        version = Version.objects.get(organization_id=by.organization_id, pk=version.pk)
        if version.state != Version.State.DRAFT:
            raise Problem(N_("Only a draft can be activated. Import the manual again to make one."))
        manual = from_content(version.content)
        for fault in faults_here(by.organization_id, manual):
            raise fault
        replaced = Version.objects.filter(
            organization_id=by.organization_id, strategy=strategy, state=Version.State.ACTIVE
        ).first()
        if replaced:
            replaced.state, replaced.retired_at = Version.State.RETIRED, by.now
            replaced.save(update_fields=["state", "retired_at"])
        version.state, version.activated_at = Version.State.ACTIVE, by.now
        version.save(update_fields=["state", "activated_at"])
        strategy.name = manual.name
        strategy.save(update_fields=["name"])
        log.say(strategy=strategy.code, number=version.number, replaces=replaced.number if replaced else None)
    return version


def assign(
    by: Actor,
    strategy: Strategy,
    *,
    creditor: Creditor | None = None,
    segment: StoredSegment | None = None,
    customer: Customer | None = None,
) -> Assignment:
    """Let a strategy apply to a customer, a segment's or a creditor's customers or, without any, to the whole organization.

    Raises Problem where more than one is given or the strategy has no active version.
    """
    scope: dict[str, Any] = {"creditor": creditor, "segment": segment, "customer": customer}
    if sum(one is not None for one in scope.values()) > 1:
        raise Problem(N_("A strategy is assigned to a customer, a segment or a creditor, not to several at once."))
    with action(by, "strategies.assign", strategy=strategy.code, **scope) as log:
        in_force = Version.objects.filter(
            organization_id=by.organization_id, strategy=strategy, state=Version.State.ACTIVE
        )
        if not in_force.exists():
            raise Problem(N_("“{name}” has no active version yet. Activate one first."), name=strategy.name)
        assignment, _created = Assignment.objects.update_or_create(
            organization_id=by.organization_id,
            **scope,
            defaults={"strategy": strategy},
        )
        log.about(assignment)
    return assignment


def unassign(by: Actor, assignment: Assignment) -> None:
    """Let what applies otherwise apply again. Raises Problem for the organization's own."""
    if assignment.creditor_id is None and assignment.segment_id is None and assignment.customer_id is None:
        raise Problem(N_("The organization always has a strategy. Assign another one instead."))
    with action(by, "strategies.unassign", about=assignment, strategy=assignment.strategy_id):
        Assignment.objects.filter(organization_id=by.organization_id, pk=assignment.pk).delete()


def _draft(by: Actor, manual: Manual) -> Version:
    with action(by, "strategies.draft") as log:
        Strategy.objects.get_or_create(
            organization_id=by.organization_id, code=manual.code, defaults={"name": manual.name}
        )
        strategy = Strategy.objects.select_for_update().get(organization_id=by.organization_id, code=manual.code)
        versions = Version.objects.filter(organization_id=by.organization_id, strategy=strategy)
        version = Version.objects.create(
            organization_id=by.organization_id,
            strategy=strategy,
            number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            content=to_content(manual),
            created_at=by.now,
        )
        log.about(version)
        log.say(strategy=strategy.code, number=version.number)
    return version

"""Actions on drafts: made from a version, changed part by part, discarded. A draft may be unsound until it is activated."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db.models import Max

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.kernel.text import fold
from puntual.strategies.changes import changes
from puntual.strategies.later import manual_of
from puntual.strategies.manual import Manual, Notice, Offer, Policy, Step, read_content, to_content
from puntual.strategies.models import Strategy, Version
from puntual.strategies.notices import CODES
from puntual.strategies.spelling import is_code
from puntual.strategies.steps import TASKS

_Part = TypeVar("_Part", Step, Offer, Policy, Notice)


def make_draft(by: Actor, version_id: UUID) -> Version:
    """A new draft of the same strategy, with what the version says. Raises Version.DoesNotExist."""
    with action(by, "strategies.draft") as log:
        origin = Version.objects.get(organization_id=by.organization_id, pk=version_id)
        strategy = Strategy.objects.select_for_update().get(organization_id=by.organization_id, pk=origin.strategy_id)
        versions = Version.objects.filter(organization_id=by.organization_id, strategy=strategy)
        draft = Version.objects.create(
            organization_id=by.organization_id,
            strategy=strategy,
            number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
            content=to_content(manual_of(origin)),
            created_at=by.now,
        )
        log.about(draft)
        log.say(strategy=strategy.code, number=draft.number, made_from=origin.number)
    return draft


def discard_draft(by: Actor, draft_id: UUID) -> None:
    """Do away with a draft; a strategy that never had anything else goes with it. Raises Problem where it is no draft."""
    with action(by, "strategies.discard") as log:
        draft = _locked(by, draft_id)
        log.about(draft)
        log.say(strategy=draft.strategy.code, number=draft.number, content=draft.content)
        versions = Version.objects.filter(organization_id=by.organization_id, strategy=draft.strategy_id)
        versions.filter(pk=draft.pk).delete()
        if not versions.exists():
            Strategy.objects.filter(organization_id=by.organization_id, pk=draft.strategy_id).delete()


def change_heading(by: Actor, draft_id: UUID, *, name: str, language: str) -> Version:
    """What the manual is called, and the language of its names and words."""
    return _edit(by, draft_id, "heading", lambda manual: replace(manual, name=name.strip(), language=language))


def add_step(by: Actor, draft_id: UUID, step: Step) -> Version:
    """A new step at its day. Without a code it gets one from its name that no version of the strategy has used: codes say
    what a customer has had. Raises Problem where the code is taken.
    """

    def add(manual: Manual) -> Manual:
        code = step.code or _free_code(by, draft_id, step.name)
        if manual.step(code):
            raise Problem(N_("Another step has the code “{code}”."), code=code)
        return _with_steps(manual, (*manual.steps, replace(step, code=code)))

    return _edit(by, draft_id, "step_add", add)


def change_step(by: Actor, draft_id: UUID, step: Step) -> Version:
    """The step of that code as it is now to be. Raises Problem where there is none."""
    return _edit(by, draft_id, "step", lambda manual: _with_steps(manual, _replaced(manual.steps, step.code, step)))


def move_step(by: Actor, draft_id: UUID, code: str, day: int) -> Version:
    """The step on another day; the steps stay in the order of their days. Raises Problem where there is none."""

    def move(manual: Manual) -> Manual:
        step = _found(manual.steps, code)
        return _with_steps(manual, _replaced(manual.steps, code, replace(step, day=day)))

    return _edit(by, draft_id, "step_move", move)


def remove_step(by: Actor, draft_id: UUID, code: str) -> Version:
    """Without that step. Raises Problem where there is none."""
    return _edit(by, draft_id, "step_remove", lambda manual: replace(manual, steps=_without(manual.steps, code)))


def put_policy(by: Actor, draft_id: UUID, policy: Policy, *, replaces: str = "") -> Version:
    """A policy more, or in the place of the one titled `replaces`. Raises Problem for a title that is taken or not there."""
    return _edit(
        by,
        draft_id,
        "policy",
        lambda manual: replace(manual, policies=_put(manual.policies, policy, replaces)),
    )


def remove_policy(by: Actor, draft_id: UUID, title: str) -> Version:
    """Without the policy of that title. Raises Problem where there is none."""
    return _edit(
        by, draft_id, "policy_remove", lambda manual: replace(manual, policies=_without(manual.policies, title))
    )


def put_offer(by: Actor, draft_id: UUID, offer: Offer, *, replaces: str = "") -> Version:
    """An offer more, or in the place of the one coded `replaces`. Raises Problem for a code that is taken or not there."""

    def put(manual: Manual) -> Manual:
        wanted = (
            offer if offer.code else replace(offer, code=_from_name(offer.name, {one.code for one in manual.offers}))
        )
        return replace(manual, offers=_put(manual.offers, wanted, replaces))

    return _edit(by, draft_id, "offer", put)


def remove_offer(by: Actor, draft_id: UUID, code: str) -> Version:
    """Without that offer. Raises Problem where there is none, or a step still makes it."""

    def remove(manual: Manual) -> Manual:
        using = next((step for step in manual.steps if step.offer == code), None)
        if using:
            raise Problem(N_("The step “{step}” makes this offer. Take it out of the step first."), step=using.name)
        if any(notice.offer == code for notice in manual.notices):
            raise Problem(N_("A notice names this offer as its benefit. Take it out of the notice first."))
        return replace(manual, offers=_without(manual.offers, code))

    return _edit(by, draft_id, "offer_remove", remove)


def put_notice(by: Actor, draft_id: UUID, notice: Notice, *, replaces: str = "") -> Version:
    """A notice more, or in the place of the one for `replaces`. Raises Problem for an occasion that has one already."""
    return _edit(
        by,
        draft_id,
        "notice",
        lambda manual: replace(manual, notices=_put(manual.notices, notice, replaces)),
    )


def remove_notice(by: Actor, draft_id: UUID, code: str) -> Version:
    """Without the notice for that occasion. Raises Problem where there is none."""
    return _edit(by, draft_id, "notice_remove", lambda manual: replace(manual, notices=_without(manual.notices, code)))


def _edit(by: Actor, draft_id: UUID, what: str, change: Callable[[Manual], Manual]) -> Version:
    """Change a draft; the entry says what differs. What changes nothing leaves no entry's change."""
    with action(by, f"strategies.draft_{what}") as log:
        draft = _locked(by, draft_id)
        before = read_content(draft.content)
        after = change(before)
        draft.content = to_content(after)
        draft.save(update_fields=["content"])
        log.about(draft)
        log.say(strategy=draft.strategy.code, number=draft.number)
        log.say(
            changes=[
                {
                    "part": one.table or "heading",
                    "code": one.code,
                    "kind": one.kind,
                    "fields": [name for name, *_ in one.fields],
                }
                for one in changes(before, after)
            ]
        )
    return draft


def _locked(by: Actor, draft_id: UUID) -> Version:
    rows = Version.objects.select_for_update(of=("self",)).select_related("strategy")
    draft = rows.get(organization_id=by.organization_id, pk=draft_id)
    if draft.state != Version.State.DRAFT:
        raise Problem(
            N_("Version {number} is not a draft any more. Make a draft of it to change it."), number=draft.number
        )
    return draft


def _free_code(by: Actor, draft_id: UUID, name: str) -> str:
    draft = Version.objects.get(organization_id=by.organization_id, pk=draft_id)
    contents = Version.objects.filter(organization_id=by.organization_id, strategy=draft.strategy_id)
    used = {str(step.get("code")) for content in contents.values_list("content", flat=True) for step in content["step"]}
    return _from_name(name, used | {*TASKS, *CODES})


def _from_name(name: str, used: set[str]) -> str:
    """primera-llamada for "Primera llamada", with a number where that is taken."""
    plain = "-".join("".join(letter if is_code(letter) else " " for letter in fold(name)).split())[:50] or "step"
    return next(code for code in (plain, *(f"{plain}-{n}" for n in range(2, len(used) + 3))) if code not in used)


def _with_steps(manual: Manual, steps: Sequence[Step]) -> Manual:
    return replace(manual, steps=tuple(sorted(steps, key=lambda step: step.day)))


def _put(parts: tuple[_Part, ...], part: _Part, replaces: str) -> tuple[_Part, ...]:
    if part.code != replaces and any(one.code == part.code for one in parts):
        raise Problem(N_("“{name}” is there already. Change that one."), name=part.code)
    return _replaced(parts, replaces, part) if replaces else parts + (part,)  # noqa: RUF005


def _replaced(parts: tuple[_Part, ...], code: str, part: _Part) -> tuple[_Part, ...]:
    _found(parts, code)
    return tuple(part if one.code == code else one for one in parts)


def _without(parts: tuple[_Part, ...], code: str) -> tuple[_Part, ...]:
    _found(parts, code)
    return tuple(one for one in parts if one.code != code)


def _found(parts: Sequence[_Part], code: str) -> _Part:
    for one in parts:
        if one.code == code:
            return one
    raise Problem(N_("“{name}” is not in this draft any more. Load the page again."), name=code)

"""Actions on many customers at once, each one statement. Callers import them from `actions`."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Func, QuerySet, Value

from puntual.audit.actions import Actor, action
from puntual.kernel.bulk import Outcome
from puntual.kernel.problems import N_, Problem
from puntual.organizations.queries import members_of
from puntual.parties.models import Customer

ALREADY = N_("It is so already")
NEEDS_OWNER = N_("Only its owner handles it: give it an owner first")
OWNER_ALONE = N_("Only its owner handles it, so it needs one")
FULL = N_("It has as many tags as a customer may have")
LONGEST_TAG = 40
MOST_TAGS = 30


def assign_owner(by: Actor, customer_ids: Collection[UUID], owner_id: UUID | None) -> Outcome:
    """Make these customers that member's, or (None) nobody's. Raises Problem for somebody who is no member (any more).

    One that only its owner handles is not left without one. What a person said stays so, whatever the portfolios' rules say.
    """
    with action(by, "customer.assign_owner", owner=owner_id) as log:
        if owner_id is not None and owner_id not in {each.user_id for each in members_of(by.organization_id, by.today)}:
            raise Problem(N_("This person is no longer a member. Choose another one."))
        chosen = _locked(by, customer_ids)
        alone = set() if owner_id else {one.id for one in chosen if one.handling == Customer.Handling.OWNER_ONLY}
        wanted = [one.id for one in chosen if one.owner_id != owner_id and one.id not in alone]
        given = [one.id for one in chosen if one.id not in alone]
        _these(by, given).update(owner=owner_id, owned_by=Customer.Owned.HAND)
        log.say(customers=wanted)
        left = {OWNER_ALONE: len(alone), ALREADY: len(given) - len(wanted)}
        return _outcome(len(wanted), left)


def handle_many(by: Actor, customer_ids: Collection[UUID], handling: str, *, why: str) -> Outcome:
    """Say how these customers are handled from now on; whose they are stays. One without an owner cannot be its owner's alone.

    Raises ValueError for an unknown handling, Problem without a reason.
    """
    handling = Customer.Handling(handling)
    if not why.strip():
        raise Problem(N_("Say why, in a few words: whoever looks at this customer next will want to know."))
    with action(by, "customer.handle_many", why=why.strip(), after=handling) as log:
        chosen = _locked(by, customer_ids)
        differing = [one for one in chosen if one.handling != handling]
        owned = handling != Customer.Handling.OWNER_ONLY
        wanted = [one.id for one in differing if owned or one.owner_id]
        done = _these(by, wanted).update(handling=handling)
        log.say(customers=wanted)
        left = {NEEDS_OWNER: len(differing) - len(wanted), ALREADY: len(chosen) - len(differing)}
        return _outcome(done, left)


def tag_many(by: Actor, customer_ids: Collection[UUID], tag: str) -> Outcome:
    """Give these customers a tag. Raises Problem for one that is empty or too long."""
    tag = _tag(tag)
    with action(by, "customer.tag_many", tag=tag) as log:
        chosen = _locked(by, customer_ids)
        without = [one for one in chosen if tag not in one.tags]
        wanted = [one.id for one in without if len(one.tags) < MOST_TAGS]
        done = _these(by, wanted).update(tags=Func(F("tags"), Value(tag), function="array_append"))
        log.say(customers=wanted)
        return _outcome(done, {FULL: len(without) - len(wanted), ALREADY: len(chosen) - len(without)})


def untag_many(by: Actor, customer_ids: Collection[UUID], tag: str) -> Outcome:
    """Take a tag away from these customers. Raises Problem for one that is empty or too long."""
    tag = _tag(tag)
    with action(by, "customer.untag_many", tag=tag) as log:
        chosen = _locked(by, customer_ids)
        wanted = [one.id for one in chosen if tag in one.tags]
        done = _these(by, wanted).update(tags=Func(F("tags"), Value(tag), function="array_remove"))
        log.say(customers=wanted)
        return _outcome(done, {ALREADY: len(chosen) - len(wanted)})


def _tag(text: str) -> str:
    tag = " ".join(text.split())
    if not tag:
        raise Problem(N_("Write the tag."))
    if len(tag) > LONGEST_TAG:
        raise Problem(N_("A tag has at most {most} letters."), most=LONGEST_TAG)
    return tag


def _these(by: Actor, customer_ids: Collection[UUID]) -> QuerySet[Customer]:
    return Customer.objects.filter(organization_id=by.organization_id, id__in=list(customer_ids))


def _locked(by: Actor, customer_ids: Collection[UUID]) -> list[Customer]:
    """The customers as they are now, in a fixed order, so that two who change many never wait for each other in a circle."""
    rows = _these(by, customer_ids).only("id", "handling", "owner_id", "tags")
    return list(rows.order_by("id").select_for_update(no_key=True))


def _outcome(done: int, left: dict[str, int]) -> Outcome:
    return Outcome(done, {why: count for why, count in left.items() if count})

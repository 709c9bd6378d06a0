"""What one does with organizations and their members. Homes go by subject."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.organizations.members import (
    add_member,
    change_keys,
    change_member,
    change_profile,
    create_first_person,
    end_membership,
    reset_password,
)
from puntual.organizations.models import Organization
from puntual.organizations.policies import (
    change_identity,
    change_organization,
    change_rules,
    check_place,
    remove_holiday,
    set_holiday,
    set_tolerance,
)

__all__ = [
    "actor_of",
    "add_member",
    "change_identity",
    "change_keys",
    "change_member",
    "change_organization",
    "change_profile",
    "change_rules",
    "create_first_person",
    "create_organization",
    "end_membership",
    "go_live",
    "remove_holiday",
    "reset_password",
    "set_holiday",
    "set_tolerance",
]


def create_organization(
    now: datetime,
    *,
    slug: str,
    name: str,
    country: str,
    currency: str,
    language: str = "",
    time_zone: str = "",
    by: str = "Puntual",
) -> Organization:
    """A new organization, in rehearsal. Language and time zone follow from the country unless given.

    `by` is the name of who acts, for the log. Raises Problem for a slug that is taken or cannot stand in an address, and for a
    country, currency, language or time zone that does not exist.
    """
    organization = Organization(
        id=uuid7(),
        slug=_slug(slug),
        name=name.strip(),
        country=country.upper(),
        currency=currency.upper(),
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    check_place(organization)
    actor = actor_of(organization, now, name=by)
    try:
        with transaction.atomic(), action(actor, "organization.create", about=organization) as log:
            organization.save(force_insert=True)
            log.say(slug=organization.slug, name=organization.name, country=organization.country)
    except IntegrityError as error:
        if Organization.objects.filter(slug=organization.slug).exists():
            raise Problem(
                N_("There already is an organization “{slug}”. Choose another short name."), slug=organization.slug
            ) from error
        raise
    return organization


def actor_of(organization: Organization, now: datetime, *, name: str = "Puntual") -> Actor:
    """Somebody acting in `organization` at `now`, a moment with a time zone; the day is the organization's."""
    today = now.astimezone(ZoneInfo(organization.time_zone)).date()
    return Actor(organization.id, now=now.astimezone(UTC), today=today, name=name)


def go_live(by: Actor) -> Organization:
    """End the rehearsal: from now on what is approved leaves. Where it is live already nothing happens."""
    with action(by, "organization.go_live") as log:
        organization = Organization.objects.select_for_update().get(pk=by.organization_id)
        log.about(organization)
        if organization.is_live:
            log.say(already_since=organization.live_since)
        else:
            organization.mode, organization.live_since = Organization.Mode.LIVE, by.now
            organization.save(update_fields=["mode", "live_since"])
    return organization


def _slug(slug: str) -> str:
    wanted = slug.strip().lower()
    try:
        validate_slug(wanted)
    except ValidationError:
        wanted = ""
    if not wanted or len(wanted) > 40:
        raise Problem(
            N_("“{slug}” cannot stand in an address. Use up to 40 letters, digits and hyphens, such as my-company."),
            slug=slug,
        )
    return wanted

"""What one does with organizations and their members."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.ids import uuid7
from puntual.kernel.money import minor_units
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import LANGUAGES, is_country, usual_language, usual_time_zone
from puntual.organizations.models import Membership, Organization, User


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
    _check(organization)
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


def add_member(
    by: Actor, email: str, role: str, *, password: str, name: str = "", language: str = ""
) -> tuple[Membership, bool]:
    """Let a person sign in to the organization; returns the membership and whether the person is new here.

    Somebody who already signs in keeps name, language and password: no organization may change how a member of another one signs
    in. Raises Problem for an address that is none, an unknown role, and a person who already is a member.
    """
    address = normalize_email(email)
    if address is None:
        raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=email)
    if role not in Membership.Role.values:
        raise Problem(
            N_("There is no role “{role}”. Choose one of: {roles}."), role=role, roles=", ".join(Membership.Role.values)
        )
    with action(by, "member.add", email=address.lower(), role=role) as log:
        user = User.objects.filter(email=address.lower()).first()
        is_new = user is None
        if user is None:
            user = User.objects.create_user(address, password, name=name.strip(), language=language)
        membership, added = Membership.objects.get_or_create(
            user=user, organization_id=by.organization_id, defaults={"role": role}
        )
        if not added:
            raise Problem(N_("{email} is already a member of this organization."), email=address)
        log.about(membership)
    return membership, is_new


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


def _check(organization: Organization) -> None:
    """Fill what follows from the country, and refuse what does not exist."""
    if not 1 <= len(organization.name) <= 150:
        raise Problem(N_("Give the organization a name of up to 150 characters."))
    if not is_country(organization.country):
        raise Problem(
            N_("“{country}” is not a country code. Use two letters such as PE, CL or ES (ISO 3166-1)."),
            country=organization.country,
        )
    minor_units(organization.currency)
    organization.language = organization.language or usual_language(organization.country)
    organization.time_zone = organization.time_zone or usual_time_zone(organization.country)
    if organization.language not in LANGUAGES:
        raise Problem(
            N_("Puntual does not speak “{language}” yet. Choose one of: {languages}."),
            language=organization.language,
            languages=", ".join(LANGUAGES),
        )
    if organization.time_zone not in available_timezones():
        raise Problem(
            N_("“{zone}” is not a time zone. Use a name such as America/Lima or Europe/Madrid."),
            zone=organization.time_zone,
        )

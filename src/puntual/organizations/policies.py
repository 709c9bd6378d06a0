"""Actions on what an organization decides for itself. Callers import them from `actions`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import available_timezones

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.money import minor_units, round_money
from puntual.kernel.problems import N_, Problem
from puntual.organizations.countries import LANGUAGES, is_country, usual_language, usual_time_zone
from puntual.organizations.models import Holiday, Organization, Tolerance

LIMITS = {
    "tone_rest_days": 90,
    "minimum_gap_days": 30,
    "stale_after_days": 30,
    "approval_hours": 240,
    "dispute_days": 60,
}
"""The most each of an organization's own rules takes."""


def check_place(organization: Organization) -> None:
    """Fill what follows from an organization's country. Raises Problem for what does not exist."""
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


def change_organization(
    by: Actor,
    *,
    name: str,
    country: str,
    currency: str,
    language: str,
    time_zone: str,
) -> Organization:
    """Correct what an organization is called and where it is. Raises Problem for what does not exist."""
    with action(by, "organization.change") as log:
        organization = Organization.objects.select_for_update().get(pk=by.organization_id)
        log.about(organization)
        values = {
            "name": name.strip(),
            "country": country,
            "currency": currency,
            "language": language,
            "time_zone": time_zone,
        }
        log.say(**_changed(organization, values))
        check_place(organization)
        organization.save(update_fields=list(values))
    return organization


def change_identity(by: Actor, *, kind: str, phone: str = "", email: str = "") -> Organization:
    """Say whether the organization collects for itself or, as an agency, for others, and how the agency is reached.

    Raises Problem for an e-mail address that is none.
    """
    mailbox = normalize_email(email) if email.strip() else ""
    if mailbox is None:
        raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=email)
    with action(by, "organization.identity") as log:
        organization = Organization.objects.select_for_update().get(pk=by.organization_id)
        log.about(organization)
        values = {"kind": Organization.Kind(kind), "phone": phone.strip(), "email": mailbox}
        log.say(**_changed(organization, values))
        organization.save(update_fields=list(values))
    return organization


def change_rules(by: Actor, **rules: int) -> Organization:
    """Change the rules of `LIMITS` that are given: days between two contacts, days until the same tone again, business days after
    which data is old, hours an approval is waited for, business days in which a dispute is answered.

    Raises Problem outside the limits.
    """
    for name, value in rules.items():
        if not 0 <= value <= LIMITS[name]:
            raise Problem(N_("Give a number from 0 to {most}."), most=LIMITS[name])
    with action(by, "organization.rules") as log:
        organization = Organization.objects.select_for_update().get(pk=by.organization_id)
        log.about(organization)
        log.say(**_changed(organization, rules))
        organization.save(update_fields=list(rules))
    return organization


def set_tolerance(by: Actor, currency: str, amount: Decimal | None) -> None:
    """What is too small to chase in a currency; None takes the usual amount again.

    Raises Problem for an unknown currency and a negative amount.
    """
    minor_units(currency)
    if amount is not None and amount < 0:
        raise Problem(N_("An amount below zero cannot be the limit."))
    with action(by, "tolerance.set", currency=currency, amount=amount):
        own = Tolerance.objects.filter(organization_id=by.organization_id, currency=currency)
        if amount is None:
            own.delete()
            return
        Tolerance.objects.update_or_create(
            organization_id=by.organization_id,
            currency=currency,
            defaults={"amount": round_money(amount, currency)},
        )


def set_holiday(by: Actor, country: str, day: date, *, works: bool, name: str = "") -> Holiday:
    """Add a day off to a country's calendar, or (`works`) take one out of it. Raises Problem for an unknown country."""
    if not is_country(country):
        raise Problem(
            N_("“{country}” is not a country code. Use two letters such as PE, CL or ES (ISO 3166-1)."), country=country
        )
    with action(by, "holiday.set", country=country, day=day, works=works) as log:
        holiday, _created = Holiday.objects.update_or_create(
            organization_id=by.organization_id,
            country=country,
            day=day,
            defaults={"works": works, "name": name.strip()[:100]},
        )
        log.about(holiday)
    return holiday


def remove_holiday(by: Actor, holiday_id: UUID) -> None:
    """Let the country's own calendar say again what a day is. Raises Holiday.DoesNotExist."""
    with action(by, "holiday.remove") as log:
        holiday = Holiday.objects.get(organization_id=by.organization_id, pk=holiday_id)
        log.about(holiday)
        log.say(country=holiday.country, day=holiday.day)
        Holiday.objects.filter(organization_id=by.organization_id, pk=holiday_id).delete()


def _changed(organization: Organization, values: Mapping[str, object]) -> dict[str, object]:
    """Set the values, and say those that differ as [before, after]."""
    changed = {name: [getattr(organization, name), value] for name, value in values.items()}
    for name, value in values.items():
        setattr(organization, name, value)
    return {name: pair for name, pair in changed.items() if pair[0] != pair[1]}

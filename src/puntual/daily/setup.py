"""How an organization begins: from the web and from the command line with the same pieces."""

from datetime import datetime

from django.db import transaction

from puntual.audit.actions import Actor, action
from puntual.organizations.actions import actor_of, add_member, change_identity, create_organization
from puntual.organizations.models import Membership, Organization, User
from puntual.outreach.actions import set_capacity
from puntual.parties.actions import create_creditor
from puntual.strategies.actions import install_builtin
from puntual.strategies.builtin import AGENCY, STANDARD

EMAILS_PER_DAY = 200
"""How many e-mails a new organization sends in a day: few enough that a mail server does not take them for spam."""


def set_up_organization(
    now: datetime,
    *,
    slug: str,
    name: str,
    country: str,
    currency: str,
    language: str = "",
    time_zone: str = "",
    manual: str = STANDARD,
    owner: User | None = None,
) -> Organization:
    """A new organization in rehearsal that can run its day as soon as it has invoices: with a creditor of the same name and code,
    a built-in manual in its language, and an e-mail capacity.

    `manual` is the code of one of `strategies.builtin.KINDS`. `owner` becomes a member and keeps the password; without one nobody
    signs in to it. Raises what `create_organization` and `install_builtin` raise.
    """
    by_name = str(owner) if owner else "Puntual"
    with transaction.atomic():
        organization = create_organization(
            now,
            slug=slug,
            name=name,
            country=country,
            currency=currency,
            language=language,
            time_zone=time_zone,
            by=by_name,
        )
        clock = actor_of(organization, now, name=by_name)
        by = Actor(organization.id, clock.now, clock.today, owner.id if owner else None, by_name)
        with action(by, "organization.set_up", about=organization):
            if owner:
                add_member(by, owner.email, Membership.Role.OWNER, password="")
            create_creditor(
                by,
                code=organization.slug,
                name=organization.name,
                country=organization.country,
                currency=organization.currency,
                language=organization.language,
            )
            install_builtin(by, organization.language, manual)
            if manual == AGENCY:
                organization = change_identity(by, kind=Organization.Kind.AGENCY)
            set_capacity(by, "email", EMAILS_PER_DAY)
    return organization

"""Actions on the people who sign in. Callers import them from `actions`."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Q

from puntual.audit.actions import Actor, action
from puntual.kernel.emails import normalize_email
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Membership, Organization, User

MOST_CALLS = 500


def create_first_person(email: str, password: str, *, name: str = "", language: str = "") -> User:
    """The first person who signs in on this machine. No organization exists yet, so there is no log to write to.

    Raises Problem for an address that is none, and where somebody already signs in here.
    """
    address = _address(email)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE organizations_user IN SHARE ROW EXCLUSIVE MODE")  # of two at once, one is first
        if User.objects.exists():
            raise Problem(N_("Somebody already signs in here. Ask an owner to add you."))
        return User.objects.create_user(address, password, name=name.strip(), language=language)


def add_member(
    by: Actor, email: str, role: str, *, password: str, name: str = "", language: str = ""
) -> tuple[Membership, bool]:
    """Let a person sign in to the organization; returns the membership and whether the person is new here.

    Somebody who already signs in keeps name, language and password: no organization may change how a member of another one signs
    in. Somebody whose membership ended comes back in the new role. Raises Problem for an address that is none, an unknown role,
    and a person who already is a member.
    """
    address = _address(email)
    _check_role(role)
    with action(by, "member.add", email=address, role=role) as log:
        user = User.objects.filter(email=address).first()
        is_new = user is None
        if user is None:
            user = User.objects.create_user(address, password, name=name.strip(), language=language)
        membership, added = Membership.objects.select_for_update().get_or_create(
            user=user, organization_id=by.organization_id, defaults={"role": role}
        )
        if not added:
            if membership.ends_on is None or membership.ends_on >= by.today:
                raise Problem(N_("{email} is already a member of this organization."), email=address)
            membership.role, membership.ends_on = role, None
            membership.save(update_fields=["role", "ends_on"])
        log.about(membership)
    return membership, is_new


def change_member(by: Actor, membership_id: UUID, *, role: str, calls_per_day: int) -> Membership:
    """Give a member another role, or other calls to make a day.

    Raises Membership.DoesNotExist, Problem for an unknown role, a number of calls outside 0 to 500, and where no owner would be
    left.
    """
    _check_role(role)
    if not 0 <= calls_per_day <= MOST_CALLS:
        raise Problem(N_("Give a number of calls from 0 to {most}."), most=MOST_CALLS)
    with action(by, "member.change") as log:
        membership = _membership(by, membership_id)
        log.about(membership)
        log.say(email=membership.user.email, before=membership.role, role=role, calls_per_day=calls_per_day)
        membership.role, membership.calls_per_day = role, calls_per_day
        membership.save(update_fields=["role", "calls_per_day"])
        _check_owned(by)
    return membership


def end_membership(by: Actor, membership_id: UUID, *, last_day: date) -> Membership:
    """The person signs in here for the last time on `last_day`; a day in the past ends it at once.

    Raises Membership.DoesNotExist, Problem where no owner would be left.
    """
    with action(by, "member.end", last_day=last_day) as log:
        membership = _membership(by, membership_id)
        log.about(membership)
        log.say(email=membership.user.email, role=membership.role)
        membership.ends_on = last_day
        membership.save(update_fields=["ends_on"])
        _check_owned(by)
    return membership


def reset_password(by: Actor, membership_id: UUID, password: str, *, drop_second_factor: bool = False) -> Membership:
    """Give a member a new password: everything the person has open closes. With `drop_second_factor` the codes of a lost phone
    are no longer asked for.

    Somebody who also works elsewhere keeps the password, unless the one who acts is an owner there too. Raises
    Membership.DoesNotExist, Problem for such a person.
    """
    with action(by, "member.reset_password", second_factor_dropped=drop_second_factor) as log:
        membership = _membership(by, membership_id)
        log.about(membership)
        log.say(email=membership.user.email)
        lasting = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=by.today))
        own = lasting.filter(user_id__in=[by.user_id], role=Membership.Role.OWNER).values("organization_id")
        if lasting.filter(user=membership.user).exclude(organization_id__in=own).exists():
            raise Problem(
                N_("{name} also signs in to another organization, and only an owner of both may give a new password."),
                name=str(membership.user),
            )
        membership.user.set_password(password)
        membership.user.save(update_fields=["password"])
        if drop_second_factor:
            Authenticator.objects.filter(user=membership.user).delete()
    return membership


def change_profile(by: Actor, *, name: str) -> User:
    """What a person is called, everywhere. Raises Problem for a name of more than 150 characters."""
    if len(name.strip()) > 150:
        raise Problem(N_("Give a name of up to 150 characters."))
    with action(by, "profile.change", name=name.strip()) as log:
        user: User = User.objects.select_for_update().get(pk=by.person)
        log.about(user)
        user.name = name.strip()
        user.save(update_fields=["name"])
    return user


def change_keys(by: Actor, keys: Mapping[str, str]) -> User:
    """Which keys a person presses instead of those that come with the house: by the key as it comes, all that differ.

    Raises Problem where two would be the same.
    """
    if len(set(keys.values())) < len(keys):
        raise Problem(N_("Two of them are the same. Each key does one thing."))
    with action(by, "profile.change_keys", keys=dict(keys)) as log:
        user: User = User.objects.select_for_update().get(pk=by.person)
        log.about(user)
        user.keys = dict(keys)
        user.save(update_fields=["keys"])
    return user


def _address(email: str) -> str:
    address = normalize_email(email)
    if address is None:
        raise Problem(N_("“{email}” is not an e-mail address. It should look like name@company.com."), email=email)
    return address.lower()


def _check_role(role: str) -> None:
    if role not in Membership.Role.values:
        raise Problem(
            N_("There is no role “{role}”. Choose one of: {roles}."), role=role, roles=", ".join(Membership.Role.values)
        )


def _membership(by: Actor, membership_id: UUID) -> Membership:
    # Owners are counted under the organization's lock: of two who leave at once, one stays.
    Organization.objects.select_for_update().get(pk=by.organization_id)
    return Membership.objects.select_related("user").get(organization_id=by.organization_id, pk=membership_id)


def _check_owned(by: Actor) -> None:
    owners = Membership.objects.filter(
        Q(ends_on=None), organization_id=by.organization_id, role=Membership.Role.OWNER, user__is_active=True
    )
    if not owners.exists():
        raise Problem(N_("An organization needs an owner. Make somebody else one first."))

"""Members and the organization's own rules: who comes, changes and goes, and what stays on record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator

from conftest import NOW, TODAY, Cast, make_member
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.organizations.actions import (
    add_member,
    change_member,
    change_organization,
    change_profile,
    change_rules,
    create_first_person,
    end_membership,
    remove_holiday,
    reset_password,
    set_holiday,
    set_tolerance,
)
from puntual.organizations.models import Holiday, Membership, Organization, Tolerance, User
from puntual.organizations.queries import free_slug, memberships_of


def membership(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(user=user, organization=cast.organization)


def test_the_first_person_is_the_first_only(db: None) -> None:
    person = create_first_person("Ana@Sembria.example", "correct horse battery", name=" Ana ", language="pt")
    assert (person.email, person.name, person.language) == ("ana@sembria.example", "Ana", "pt")
    assert person.check_password("correct horse battery")
    with pytest.raises(Problem, match="already signs in"):
        create_first_person("luis@sembria.example", "correct horse battery")


def test_a_member_changes_role_and_calls(acting: Cast) -> None:
    changed = change_member(acting.actor(), membership(acting, acting.colleague).id, role="manager", calls_per_day=12)
    assert (changed.role, changed.calls_per_day) == ("manager", 12)
    entry = Record.objects.get(action="member.change")
    assert (entry.detail["before"], entry.detail["role"]) == ("collector", "manager")
    with pytest.raises(Problem, match="0 to 500"):
        change_member(acting.actor(), changed.id, role="manager", calls_per_day=501)
    with pytest.raises(Problem, match="no role"):
        change_member(acting.actor(), changed.id, role="king", calls_per_day=1)


def test_somebody_leaves_and_comes_back(acting: Cast) -> None:
    place = membership(acting, acting.colleague)
    end_membership(acting.actor(), place.id, last_day=TODAY - timedelta(1))
    assert memberships_of(acting.colleague.id, NOW) == []
    add_member(acting.actor(), "colleague@sembria.example", "auditor", password="not taken")
    assert [each.role for each in memberships_of(acting.colleague.id, NOW)] == ["auditor"]
    assert User.objects.get(pk=acting.colleague.pk).check_password("correct horse battery")
    with pytest.raises(Problem, match="already a member"):
        add_member(acting.actor(), "colleague@sembria.example", "owner", password="not taken")


@pytest.mark.parametrize("leave", ["end", "step down"])
def test_an_organization_keeps_an_owner(acting: Cast, leave: str) -> None:
    own = membership(acting, acting.owner).id

    def go() -> None:
        if leave == "end":
            end_membership(acting.actor(), own, last_day=TODAY)
        else:
            change_member(acting.actor(), own, role="auditor", calls_per_day=0)

    with pytest.raises(Problem, match="needs an owner"):
        go()
    make_member(acting.organization, "owner", "second@sembria.example")
    go()


def test_a_lost_password_is_given_anew_and_opens_no_other_organization(acting: Cast) -> None:
    place = membership(acting, acting.colleague)
    Authenticator.objects.create(user=acting.colleague, type="totp", data={})
    reset_password(acting.actor(), place.id, "new horse battery")
    assert User.objects.get(pk=acting.colleague.pk).check_password("new horse battery")
    assert Authenticator.objects.exists()
    reset_password(acting.actor(), place.id, "new horse battery", drop_second_factor=True)
    assert not Authenticator.objects.exists()
    assert "new horse" not in str(list(Record.objects.values("detail")))

    elsewhere = Membership.objects.create(
        user=acting.colleague, organization=acting.other_organization, role="collector"
    )
    with pytest.raises(Problem, match="also signs in"):
        reset_password(acting.actor(), place.id, "taken over")
    Membership.objects.create(user=acting.owner, organization=acting.other_organization, role="auditor")
    with pytest.raises(Problem, match="also signs in"):  # an auditor there is not enough
        reset_password(acting.actor(), place.id, "taken over")
    elsewhere.ends_on = TODAY - timedelta(1)
    elsewhere.save()
    reset_password(acting.actor(), place.id, "given again by right")


def test_another_organizations_member_is_not_found(acting: Cast) -> None:
    theirs = Membership.objects.get(user=acting.outsider)
    for act in (
        lambda: change_member(acting.actor(), theirs.id, role="auditor", calls_per_day=0),
        lambda: end_membership(acting.actor(), theirs.id, last_day=TODAY),
        lambda: reset_password(acting.actor(), theirs.id, "taken over"),
    ):
        with pytest.raises(Membership.DoesNotExist):
            act()


def test_a_profile_is_the_persons_own(acting: Cast) -> None:
    change_profile(acting.actor(), name="  Carmen Ríos ")
    assert User.objects.get(pk=acting.owner.pk).name == "Carmen Ríos"
    with pytest.raises(Problem, match="150"):
        change_profile(acting.actor(), name="x" * 151)


def test_the_organization_is_corrected_and_the_log_says_what_changed(acting: Cast) -> None:
    change_organization(
        acting.actor(), name="Sembria", country="CL", currency="CLP", language="es", time_zone="America/Santiago"
    )
    entry = Record.objects.get(action="organization.change")
    assert entry.detail["country"] == ["PE", "CL"]
    assert "language" not in entry.detail
    for wrong in ({"country": "XX"}, {"currency": "XXX"}, {"language": "qu"}, {"time_zone": "Lima"}, {"name": " "}):
        values = {
            "name": "S",
            "country": "PE",
            "currency": "PEN",
            "language": "es",
            "time_zone": "America/Lima",
            **wrong,
        }
        with pytest.raises(Problem):
            change_organization(acting.actor(), **values)
    assert Organization.objects.get(pk=acting.id).country == "CL"


def test_rules_within_limits(acting: Cast) -> None:
    change_rules(acting.actor(), minimum_gap_days=5, approval_hours=24)
    organization = Organization.objects.get(pk=acting.id)
    assert (organization.minimum_gap_days, organization.approval_hours, organization.tone_rest_days) == (5, 24, 21)
    with pytest.raises(Problem, match="0 to 30"):
        change_rules(acting.actor(), stale_after_days=31)


def test_a_tolerance_is_set_in_the_currencys_own_steps_and_taken_back(acting: Cast) -> None:
    set_tolerance(acting.actor(), "PEN", Decimal("2.504"))
    set_tolerance(acting.actor(), "PEN", Decimal("3.50"))
    assert Tolerance.objects.get().amount == Decimal("3.5")
    with pytest.raises(Problem, match="below zero"):
        set_tolerance(acting.actor(), "PEN", Decimal(-1))
    set_tolerance(acting.actor(), "PEN", None)
    assert not Tolerance.objects.exists()


def test_a_day_off_comes_and_goes(acting: Cast) -> None:
    set_holiday(acting.actor(), "PE", TODAY, works=True)
    holiday = set_holiday(acting.actor(), "PE", TODAY, works=False, name="Aniversario")
    assert Holiday.objects.get().works is False
    remove_holiday(acting.actor(), holiday.id)
    assert not Holiday.objects.exists()
    with pytest.raises(Holiday.DoesNotExist):
        remove_holiday(acting.actor(), holiday.id)
    with pytest.raises(Problem, match="country code"):
        set_holiday(acting.actor(), "Peru", TODAY, works=False)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Peña & Cía. S.A.C.", "pena-cia-sac"),
        ("Sembria", "sembria-2"),
        ("日本", "organization"),
        ("A" * 60, "a" * 36),
    ],
)
def test_the_short_name(cast: Cast, name: str, slug: str) -> None:
    assert free_slug(name) == slug

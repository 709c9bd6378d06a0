"""Who signs in here, in which role, and how many calls each makes in a day."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from axes.utils import reset as unlock
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from puntual.analytics.handing_over import leave
from puntual.desk import formats, words
from puntual.desk.fields import DayField
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.watched import Watched
from puntual.organizations.actions import add_member, change_member, reset_password
from puntual.organizations.members import MOST_CALLS
from puntual.organizations.models import Membership
from puntual.organizations.queries import members_of

ROLES = {
    "owner": gettext_lazy("everything, also going live and who signs in"),
    "manager": gettext_lazy("everything but going live and who signs in"),
    "collector": gettext_lazy("approves, calls, writes, pauses, looks after customers"),
    "accountant": gettext_lazy("files, payments and the books"),
    "auditor": gettext_lazy("reads everything, with the log, and changes nothing"),
}


class RoleForm(Watched):
    """What somebody is here."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    calls_per_day = forms.IntegerField(label=gettext_lazy("Calls a day"), min_value=0, max_value=MOST_CALLS)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["role"].choices = [(name, words.role(name)) for name in ROLES]  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """Somebody new."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.fields["role"].choices = [(name, words.role(name)) for name in ROLES]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """When somebody is here for the last time, and who takes over; without a day it ends at once."""

    last_day = DayField(label=gettext_lazy("Last day"), required=False)
    successor = forms.TypedChoiceField(
        label=gettext_lazy("Who takes over"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("Customers, calls, tasks, answers, disputes and alerts that are theirs."),
    )

    def __init__(self, request: DeskRequest, leaving: Membership, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        others = [one for one in members_of(request.organization.id, request.actor.today) if one.id != leaving.id]
        nobody = ("", _("whoever is free, or the portfolios' rules"))
        self.fields["successor"].choices = [nobody, *((str(one.user_id), str(one.user)) for one in others)]  # type: ignore[attr-defined]


@require_GET
@needs("view")
def members(request: DeskRequest) -> HttpResponse:
    """Everybody who signs in here."""
    return _list(request, MemberForm(initial={"role": "collector"}))


@require_POST
@needs("members")
def add(request: DeskRequest) -> HttpResponse:
    """Let somebody in. Who is new to this machine gets a password, shown here once."""
    form = MemberForm(request.POST)
    password = new_password()
    made: list[tuple[Membership, bool]] = []

    def let_in(email: str, name: str, role: str) -> None:
        values = {"password": password, "name": name, "language": request.organization.language}
        made.append(add_member(request.actor, email, role, **values))

    if not carried_out(form, let_in):
        return _list(request, form)
    membership, is_new = made[0]
    if not is_new:
        text = _("{name} signs in here too now, with the password used until today.").format(name=membership.user)
        messages.success(request, text)
        return redirect(address(request, "members"))
    return _password(request, membership, password)


@require_GET
@needs("members")
def member(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """One member: role, calls, a new password, the end."""
    return _page(request, _find(request, membership_id))


@require_POST
@needs("members")
def change(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """Another role, or other calls a day."""
    found = _find(request, membership_id)
    form = RoleForm(request.POST, initial=_said(found))
    if carried_out(form, lambda **values: change_member(request.actor, found.id, **values)):
        messages.success(request, _("Saved."))
        return redirect(address(request, "members"))
    return _page(request, found, form=form)


@require_POST
@needs("members")
def end(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """Somebody leaves, at once or after a day."""
    found = _find(request, membership_id)
    form = EndForm(request, found, request.POST)
    yesterday = request.actor.today - timedelta(days=1)

    def part(last_day: date | None, successor: UUID | None) -> None:
        leave(request.actor, found.id, last_day=last_day or yesterday, successor_id=successor)

    if carried_out(form, part):
        messages.success(request, _("{name} no longer signs in here after that.").format(name=found.user))
        return redirect("root") if found.user_id == request.actor.user_id else redirect(address(request, "members"))
    return _page(request, found, end_form=form)


@require_POST
@needs("members")
def password(request: DeskRequest, membership_id: UUID) -> HttpResponse:
    """A new password for somebody who lost the old one, shown here once."""
    found = _find(request, membership_id)
    given = new_password()
    lost_phone = bool(request.POST.get("lost_phone"))
    found = reset_password(request.actor, found.id, given, drop_second_factor=lost_phone)
    unlock(username=found.user.email)
    return _password(request, found, given)


def new_password() -> str:
    """A password easy to read out and to type: four groups of letters and digits that cannot be taken for one another."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _letter in range(4)) for _group in range(4))


def _list(request: DeskRequest, form: MemberForm) -> HttpResponse:
    rows = members_of(request.organization.id, request.actor.today)
    title = ngettext("{n} person signs in here", "{n} people sign in here", len(rows)).format(
        n=formats.number(len(rows))
    )
    roles = [(name, words.role(name), does) for name, does in ROLES.items()]
    return page(request, "desk/members.html", title, 422 if form.is_bound else 200, rows=rows, form=form, roles=roles)


def _said(found: Membership) -> dict[str, object]:
    return {"role": found.role, "calls_per_day": found.calls_per_day}


def _page(
    request: DeskRequest, found: Membership, form: RoleForm | None = None, end_form: EndForm | None = None
) -> HttpResponse:
    return page(
        request,
        "desk/member.html",
        str(found.user),
        422 if form or end_form else 200,
        member=found,
        form=form or RoleForm(initial=_said(found)),
        end_form=end_form or EndForm(request, found),
        roles=[(name, words.role(name), does) for name, does in ROLES.items()],
        oneself=found.user_id == request.actor.user_id,
    )


def _password(request: DeskRequest, found: Membership, given: str) -> HttpResponse:
    response = page(request, "desk/member_password.html", str(found.user), member=found, password=given)
    response["Cache-Control"] = "no-store"
    return response


def _find(request: DeskRequest, membership_id: UUID) -> Membership:
    found = Membership.objects.select_related("user")
    return get_object_or_404(found.filter(organization_id=request.organization.id, id=membership_id))

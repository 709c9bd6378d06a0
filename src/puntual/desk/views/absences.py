"""Who is away, until when, and who does their work."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.organizations.absences.actions import end_absence, set_absence
from puntual.organizations.models import Absence
from puntual.organizations.queries import members_of


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who does their work."""

    user = forms.TypedChoiceField(label=gettext_lazy("Who is away"), coerce=UUID)
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until told otherwise.")
    )
    substitute = forms.TypedChoiceField(label=gettext_lazy("Who does the work meanwhile"), coerce=UUID)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, request: DeskRequest, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        members = members_of(request.organization.id, request.actor.today)
        choices = [("", ""), *((str(one.user_id), str(one.user)) for one in members)]
        for name in ("user", "substitute"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@require_http_methods(("GET", "POST"))
@needs("settings")
def new(request: DeskRequest) -> HttpResponse:
    """Somebody is away."""
    back = address(request, "team")
    form = AbsenceForm(request, request.POST or None, initial={"starts_on": request.actor.today})
    if request.method == "POST" and accepted(
        form,
        lambda given: set_absence(
            request.actor,
            given["user"],
            given["substitute"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            note=given["note"],
        ),
    ):
        messages.success(request, _("It is kept. What is theirs comes back to them after the last day."))
        return done(request, back)
    about = _(
        "Calls, tasks, decisions and answers of whoever is away are the substitute's meanwhile; customers stay whose they are."
    )
    return sheet(request, form, _("Somebody is away"), back, about=about)


@require_POST
@needs("settings")
def end(request: DeskRequest, absence_id: UUID) -> HttpResponse:
    """The person is back today, or does not leave."""
    try:
        end_absence(request.actor, absence_id)
    except Absence.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("What is theirs is with them again."))
    return redirect(address(request, "team"))

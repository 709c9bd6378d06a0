"""In whose name messages leave: each creditor's senders, who signs, and whether the organization is an agency."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk import keyset, words
from puntual.desk.fields import DayField
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.watched import Watched
from puntual.organizations.actions import change_identity
from puntual.organizations.models import Organization
from puntual.outreach.origins import CHANNELS, without_sender
from puntual.outreach.variables import signature_of
from puntual.parties.actions import remove_signer, save_signer
from puntual.parties.models import Creditor, Signer
from puntual.parties.senders import senders_of
from puntual.parties.signers import TONES, signatory_of, signers_of


class IdentityForm(Watched):
    """A company, or an agency with its own phone and e-mail."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Collects"),
        choices=[
            (Organization.Kind.COMPANY, gettext_lazy("what is owed to itself")),
            (Organization.Kind.AGENCY, gettext_lazy("for others, as an agency")),
        ],
    )
    phone = forms.CharField(label=gettext_lazy("The agency's phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("The agency's e-mail"), required=False)


class SignerForm(Watched):
    """Somebody who signs, in which tones, for whom, and who stands in."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=100, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    creditor_id = forms.TypedChoiceField(label=gettext_lazy("For"), required=False, coerce=UUID, empty_value=None)
    tones = forms.MultipleChoiceField(
        label=gettext_lazy("Tones"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    away_from = DayField(label=gettext_lazy("Away from"), required=False)
    away_until = DayField(label=gettext_lazy("through"), required=False)
    deputy_id = forms.TypedChoiceField(
        label=gettext_lazy("Meanwhile signs"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, organization: Organization, signer: Signer | None, *arguments: object, **options: object):
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        creditors = Creditor.objects.filter(organization_id=organization.id).order_by("name", "id")
        others = [one for one in signers_of(organization.id) if signer is None or one.id != signer.id]
        choices = {
            "creditor_id": [("", _("all creditors"))] + [(str(one.id), one.name) for one in creditors],
            "tones": [(tone, words.tone(tone)) for tone in TONES],
            "deputy_id": [("", _("nobody"))] + [(str(one.id), str(one)) for one in others],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]


@require_GET
@needs("view")
def identity(request: DeskRequest) -> HttpResponse:
    """Senders and signers, and in whose name."""
    return _page(request, IdentityForm(initial=_own(request)))


@require_POST
@needs("settings")
def change_name(request: DeskRequest) -> HttpResponse:
    """A company or an agency."""
    form = IdentityForm(request.POST, initial=_own(request))
    if carried_out(form, lambda **values: change_identity(request.actor, **values), "email"):
        messages.success(request, _("Saved. It is on record who changed it."))
        return redirect(address(request, "identity"))
    return _page(request, form)


def _own(request: DeskRequest) -> dict[str, str]:
    own = request.organization
    return {"kind": own.kind, "phone": own.phone, "email": own.email}


@require_http_methods(["GET", "POST"])
@needs("settings")
def new_signer(request: DeskRequest) -> HttpResponse:
    """Somebody else who signs."""
    return _signer(request, None)


@require_http_methods(["GET", "POST"])
@needs("settings")
def signer(request: DeskRequest, signer_id: UUID) -> HttpResponse:
    """Who signs: corrected, away, replaced."""
    return _signer(request, _find(request, signer_id))


@require_POST
@needs("settings")
def end_signer(request: DeskRequest, signer_id: UUID) -> HttpResponse:
    """Somebody no longer signs."""
    found = _find(request, signer_id)
    remove_signer(request.actor, found.id)
    messages.success(request, _("{name} no longer signs. What was signed stays as it is.").format(name=found.name))
    return redirect(address(request, "identity") + "#signers")


def _signer(request: DeskRequest, found: Signer | None) -> HttpResponse:
    fields = list(SignerForm.base_fields)
    initial = {name: getattr(found, name) for name in fields} if found else {"tones": []}
    form = SignerForm(request.organization, found, request.POST or None, initial=initial)
    if request.method == "POST":

        def save(**values: object) -> None:
            save_signer(request.actor, found.id if found else None, **values)  # type: ignore[arg-type]

        if carried_out(form, save):
            messages.success(request, _("Saved. The next message is signed so."))
            return redirect(address(request, "identity") + "#signers")
    title = found.name if found else _("Somebody else who signs")
    return page(request, "desk/signer.html", title, 422 if form.is_bound else 200, form=form, signer=found)


def _page(request: DeskRequest, form: IdentityForm) -> HttpResponse:
    own, today = request.organization, request.actor.today
    rows = keyset.paginate(Creditor.objects.filter(organization_id=own.id), request, by=("name", "id"))
    senders = senders_of(own.id)
    lacking = without_sender(own, [str(one.id) for one in rows])
    states = [
        (
            one,
            [
                (channel, senders.get(one.id, {}).get(channel), channel in lacking.get(str(one.id), ()))
                for channel in _ORDER
            ],
        )
        for one in rows
    ]
    signers = signers_of(own.id)
    names = {one.id: one.name for one in signers}
    creditors = dict(Creditor.objects.filter(organization_id=own.id).values_list("id", "name"))
    first = next(iter(rows), None)
    samples = []
    if first is not None:
        samples = [(tone, signature_of(own, first, signatory_of(first, tone, today))) for tone in TONES]
    return page(
        request,
        "desk/identity.html",
        _("Senders and signers"),
        422 if form.is_bound else 200,
        form=form,
        rows=rows,
        states=states,
        signers=[
            (
                one,
                creditors.get(one.creditor_id, "") if one.creditor_id else "",
                names.get(one.deputy_id, "") if one.deputy_id else "",
            )
            for one in signers
        ],
        tones=TONES,
        samples=_grouped(samples),
        sample_of=first,
    )


_ORDER = tuple(channel for channel in ("email", "whatsapp", "sms") if channel in CHANNELS)


def _grouped(samples: list[tuple[str, list[str]]]) -> list[tuple[list[str], list[str]]]:
    """Tones that are signed alike, together."""
    found: list[tuple[list[str], list[str]]] = []
    for tone, lines in samples:
        if found and found[-1][1] == lines:
            found[-1][0].append(tone)
        else:
            found.append(([tone], lines))
    return found


def _find(request: DeskRequest, signer_id: UUID) -> Signer:
    return get_object_or_404(Signer.objects.filter(organization_id=request.organization.id, id=signer_id))

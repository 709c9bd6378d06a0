"""One's own keys: each can be changed, and what clashes is refused beside it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.desk import keys
from puntual.desk.formats import sentence
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.kernel.problems import Problem
from puntual.organizations.actions import change_keys
from puntual.organizations.models import User


class KeysForm(forms.Form):
    """A field for each key; empty, or what it is already, leaves it as it comes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, default in enumerate(keys.defaults()):
            box = forms.TextInput(attrs={"autocomplete": "off", "class": "form-control", "data-stroke": "", "size": 10})
            self.fields[f"k{place}"] = forms.CharField(label=default, max_length=30, required=False, widget=box)

    def clean(self) -> dict[str, Any]:
        own: dict[str, str] = {}
        for place, default in enumerate(keys.defaults()):
            try:
                given = keys.read(self.cleaned_data.get(f"k{place}") or "")
            except Problem as problem:
                self.add_error(f"k{place}", sentence(problem))
                continue
            if given and given != default:
                own[default] = given
        for default, other in keys.clashes(own).items():
            said = _("“{key}” does something else already: {what}.")
            self.add_error(
                f"k{keys.defaults().index(default)}", said.format(key=own[default], what=_says(other).lower())
            )
        return {"keys": own}

    @property
    def rows(self) -> list[tuple[str, list[tuple[list[str], str, forms.BoundField]]]]:
        """By part: what each key does, page by page, as it comes, and its field."""
        places = {default: place for place, default in enumerate(keys.defaults())}
        return [
            (_(name), [(_(key.does).split("; "), key.default, self[f"k{places[key.default]}"]) for key in part])
            for name, part in keys.groups()
        ]


@require_http_methods(["GET", "POST"])
@needs("view")
def shortcuts(request: DeskRequest) -> HttpResponse:
    """See and change one's own keys; `reset` puts back those that come with the house."""
    user = cast(User, request.user)
    if request.method == "POST" and "reset" in request.POST:
        change_keys(request.actor, {})
        messages.success(request, _("All keys are as they come again."))
        return redirect(address(request, "shortcuts"))
    initial = {f"k{place}": user.keys.get(default, "") for place, default in enumerate(keys.defaults())}
    form = KeysForm(request.POST or None, initial=initial)
    if request.method == "POST" and carried_out(form, lambda **given: change_keys(request.actor, given["keys"])):
        messages.success(request, _("Saved."))
        return redirect(address(request, "shortcuts"))
    return page(
        request,
        "desk/shortcuts.html",
        _("Keyboard shortcuts"),
        422 if form.is_bound else 200,
        form=form,
        changed=bool(user.keys),
    )


def _says(default: str) -> str:
    return next(_(key.does) for _name, part in keys.groups() for key in part if key.default == default)

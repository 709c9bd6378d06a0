"""What the WhatsApp pages show: the account and what it lacks, each step's text with the approved one that stands for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk.formats import sentence
from puntual.desk.text_list import named
from puntual.desk.watched import Watched
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.channels.whatsapp import Account, account
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.outreach.channels.whatsapp.texts import places_of
from puntual.parties.models import Creditor
from puntual.strategies.queries import active_manuals
from puntual.strategies.steps import Notice, Step
from puntual.strategies.texts import AUDIENCES, Audience, base_language
from puntual.strategies.variables import VARIABLES

STATES = {
    ApprovedText.State.APPROVED: gettext_lazy("approved"),
    ApprovedText.State.PENDING: gettext_lazy("Meta is looking at it"),
    ApprovedText.State.REJECTED: gettext_lazy("rejected"),
    ApprovedText.State.PAUSED: gettext_lazy("paused by Meta"),
    ApprovedText.State.DISABLED: gettext_lazy("disabled by Meta"),
    ApprovedText.State.MISSING: gettext_lazy("no longer there"),
}
LACKS = {
    "business": gettext_lazy(
        "the business (business=…), so Meta's texts cannot be read and no conversation can be begun"
    ),
    "secret": gettext_lazy("the app's secret (secret=…), so nothing Meta reports is believed"),
    "verify": gettext_lazy("a word of your own (verify=…), by which Meta verifies the hook's address"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the manuals in force and the approved one that stands for it, if any."""

    template: str
    name: str
    audience: Audience
    language: str
    mapping: Mapping | None

    @property
    def usable(self) -> bool:
        return self.mapping is not None and self.mapping.text.state == ApprovedText.State.APPROVED

    @property
    def state(self) -> str:
        return str(STATES[ApprovedText.State(self.mapping.text.state)]) if self.mapping else ""


def set_up_as() -> tuple[Account | None, str]:
    """The account of this installation, or None with what is wrong with its address ("" where there is none)."""
    if not settings.WHATSAPP_URL:
        return None, ""
    try:
        return account(settings.WHATSAPP_URL), ""
    except Problem as problem:
        return None, sentence(problem)


def rows(organization: Organization, reader: str) -> Sequence[Row]:
    """What the steps and notices that may go by WhatsApp say, by template: to whom and in which of the creditors' languages."""
    mappings = {
        (one.template, one.audience, one.language): one
        for one in Mapping.objects.select_related("text").filter(organization_id=organization.id)
    }
    parts: list[Step | Notice] = []
    for manual in active_manuals(organization.id).values():
        parts += [*manual.steps, *manual.notices]
    templates = dict.fromkeys(part.template for part in parts if "whatsapp" in part.channels and part.template)
    spoken = Creditor.objects.filter(organization_id=organization.id).values_list("language", flat=True)
    languages = sorted({base_language(one) for one in (organization.language, *spoken)})
    wanted: list[tuple[str, str, str]] = [
        (template, audience, language) for template in templates for audience in AUDIENCES for language in languages
    ]
    wanted += [key for key in mappings if key not in wanted]  # of a manual that is not in force any more
    return [
        Row(template, named(organization.id, template, reader)[0], _audience(audience), language, mappings.get(key))
        for key in wanted
        for template, audience, language in [key]
    ]


def _audience(name: str) -> Audience:
    return "consumer" if name == "consumer" else "company"


class MappingForm(Watched):
    """Our variables for the places an approved text leaves open."""

    def __init__(
        self, text: ApprovedText, chosen: Sequence[str], data: Any = None, *, occasions: Collection[str] = ()
    ) -> None:
        self.places = places_of(text)
        super().__init__(data, initial={f"place_{number}": name for number, name in enumerate(self._filled(chosen))})
        choices = [
            ("", "—"),
            *(
                (name, f"{_(one.label)} ({{{name}}})")
                for name, one in VARIABLES.items()
                if "whatsapp" in one.channels and one.always_filled(occasions) and name != "invoice_list"
            ),
        ]
        for number, place in enumerate(self.places):
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=_("In place of {place}").format(place=f"{{{{{place}}}}}"), choices=choices
            )

    def _filled(self, chosen: Sequence[str]) -> list[str]:
        """What was chosen for each place, else the variable that is called like it."""
        return [
            chosen[number] if number < len(chosen) else (place if place in VARIABLES else "")
            for number, place in enumerate(self.places)
        ]

    def variables(self, values: dict[str, str]) -> list[str]:
        """The variables in the order of their places."""
        return [values[f"place_{number}"] for number in range(len(self.places))]

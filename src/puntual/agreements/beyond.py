"""What passes a limit, in the reader's words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from puntual.agreements.guardrails import ROLE, Excess
from puntual.kernel.problems import N_

SENTENCES = {
    "percent": N_("{asked} % less: {more} points more than the {allowed} % allowed"),
    "days": N_("{asked} days: {more} more than the {allowed} allowed"),
    "installments": N_("{asked} parts: {more} more than the {allowed} allowed"),
    "times": N_("{asked} times for the same invoice: {more} more than the {allowed} allowed"),
    "down_percent": N_("{asked} % at once: {more} points less than the {allowed} % asked for"),
}
ROLES = {
    "collector": N_("collector"),
    "manager": N_("manager"),
    "owner": N_("owner"),
    "accountant": N_("accountant"),
    "auditor": N_("auditor"),
}
KINDS = {"extension": N_("extension"), "plan": N_("payment plan"), "settlement": N_("settlement")}


def sentences(beyond: Iterable[Mapping[str, str]]) -> list[str]:
    """Each limit that an approval says is passed: which, by how much, and what is allowed."""
    return [_sentence(one) for one in beyond]


def told(excesses: Iterable[Excess]) -> list[str]:
    """The same before anything is asked for: what would go beyond."""
    return sentences(one.as_json() for one in excesses)


def kind(name: str) -> str:
    """What an approval is about."""
    return _(KINDS[name]) if name in KINDS else name


def role(name: str) -> str:
    """Who decides, from that role on."""
    return _(ROLES[name]) if name in ROLES else name


def _sentence(one: Mapping[str, str]) -> str:
    if one["limit"] == ROLE:
        text = _("within the limits {allowed} or above is enough; asked for by {asked}")
        return text.format(allowed=role(one["allowed"]), asked=role(one["asked"]))
    allowed, asked = Decimal(one["allowed"]), Decimal(one["asked"])
    return _(SENTENCES[one["limit"]]).format(
        asked=number_format(asked), allowed=number_format(allowed), more=number_format(abs(asked - allowed))
    )

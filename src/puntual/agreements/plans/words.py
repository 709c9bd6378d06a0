"""What everything about a plan is called, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def kind(name: str) -> str:
    """Plan de pagos, for "plan". Raises KeyError for a kind that does not exist."""
    return {"plan": _("Payment plan"), "settlement": _("Settlement")}[name]


def state(name: str) -> str:
    """Ofrecido, for "offered". Raises KeyError for a state that does not exist."""
    return {
        "awaiting": pgettext("plan", "Awaiting approval"),
        "offered": pgettext("plan", "Offered"),
        "active": pgettext("plan", "Active"),
        "completed": pgettext("plan", "Completed"),
        "broken": pgettext("plan", "Broken"),
        "replanned": pgettext("plan", "Made anew"),
        "refused": pgettext("plan", "Refused"),
        "expired": pgettext("plan", "Expired"),
        "withdrawn": pgettext("plan", "Withdrawn"),
    }[name]


def part_state(name: str) -> str:
    """Pagada, for "paid"; "awaiting" is a part whose day is over and whose bank is not known yet.

    Raises KeyError for a state that does not exist.
    """
    return {
        "due": pgettext("plan part", "To come"),
        "awaiting": pgettext("plan part", "Awaiting the bank"),
        "paid": pgettext("plan part", "Paid"),
        "missed": pgettext("plan part", "Not paid"),
        "unneeded": pgettext("plan part", "Not needed any more"),
    }[name]


def rhythm(name: str) -> str:
    """Cada mes, for "monthly". Raises KeyError for a rhythm that does not exist."""
    return {"weekly": _("Every week"), "fortnightly": _("Every two weeks"), "monthly": _("Every month")}[name]


def rule(name: str) -> str:
    """What becomes of a day on which nobody works. Raises KeyError for a rule that does not exist."""
    return {
        "next": _("Goes to the next business day"),
        "previous": _("Goes to the business day before"),
        "as_is": _("Stays as it is"),
    }[name]


def how(name: str) -> str:
    """Por teléfono, for "by_phone". Raises KeyError for a way that does not exist."""
    return {
        "in_person": _("In person"),
        "by_phone": _("By phone"),
        "in_writing": _("In writing"),
        "link": _("By the link that was sent, with a code"),
    }[name]


def ended_why(text: str) -> str:
    """Why a plan ended: the clock's word said as a sentence, a person's as it was written."""
    return {
        "missed": _("More parts were not paid than the plan allows."),
        "paid": _("All that was agreed was paid."),
    }.get(text, text)

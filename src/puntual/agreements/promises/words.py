"""What the states of a promise are called."""

from django.utils.translation import pgettext


def state(name: str) -> str:
    """Abierta, for "open"; "awaiting" is an open one whose day is over and whose bank is not known yet.

    Raises KeyError for a state that does not exist.
    """
    return {
        "open": pgettext("promise", "Open"),
        "awaiting": pgettext("promise", "Awaiting the bank"),
        "kept": pgettext("promise", "Kept"),
        "partly_kept": pgettext("promise", "Partly kept"),
        "broken": pgettext("promise", "Broken"),
        "replaced": pgettext("promise", "Replaced"),
        "withdrawn": pgettext("promise", "Withdrawn"),
    }[name]

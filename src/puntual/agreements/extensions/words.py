"""What the states of an extension are called."""

from django.utils.translation import pgettext


def state(name: str) -> str:
    """Otorgada, for "granted". Raises KeyError for a state that does not exist."""
    return {
        "awaiting": pgettext("extension", "Awaiting approval"),
        "granted": pgettext("extension", "Granted"),
        "refused": pgettext("extension", "Refused"),
        "withdrawn": pgettext("extension", "Withdrawn"),
    }[name]

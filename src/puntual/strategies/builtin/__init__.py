"""The manuals that come with Puntual: one for each kind of business, in each language with the same steps on the same days."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from puntual.kernel.problems import N_, Problem
from puntual.strategies.manual import LANGUAGES, Manual, from_toml

STANDARD = "standard"
AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Kind:
    """A built-in manual as it is chosen. Name and description are English sentences for the catalogs."""

    code: str
    name: str
    description: str


KINDS = (
    Kind(
        STANDARD,
        N_("Services to companies"),
        N_(
            "For a consultancy, an agency or a supplier that bills other companies: a word before the due date, then a climb."
        ),
    ),
    Kind(
        "subscriptions",
        N_("Subscriptions and consumers"),
        N_(
            "For small amounts that come back each month, often by card: short messages early, and help before any pause."
        ),
    ),
    Kind(
        "schools",
        N_("Schools and clubs"),
        N_(
            "For families and members: patient, private and by conversation, with time to arrange the payment in parts."
        ),
    ),
    Kind(
        AGENCY,
        N_("Collection agency"),
        N_(
            "For collecting on behalf of others: it says first who writes and for whom, and the payment goes to the creditor."
        ),
    ),
)
"""The built-in manuals, in the order they are offered."""


def builtin(language: str, kind: str = STANDARD) -> Manual:
    """A manual that comes with Puntual; a regional language takes the general one, an unknown one English.

    Raises Problem where there is no such kind.
    """
    codes = [one.code for one in KINDS]
    if kind not in codes:
        raise Problem(
            N_("There is no built-in manual “{kind}”. Choose one of: {choices}."), kind=kind, choices=", ".join(codes)
        )
    base = language.lower().replace("_", "-").split("-")[0]
    name = f"{kind}-{base if base in LANGUAGES else 'en'}.toml"
    return _read(name)


@cache
def _read(name: str) -> Manual:
    """A file that does not change while the program runs, and a manual that nobody can change."""
    return from_toml(resources.files("puntual.strategies").joinpath("builtin", name).read_text("utf-8"))

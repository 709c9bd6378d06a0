"""What each report is called, once: for its page and files, the list of reports and whoever subscribes to one."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from puntual.kernel.problems import N_

TITLES: Final[Mapping[str, str]] = {
    "letter": N_("Letter to management"),
    "aging": N_("Aging"),
    "top-customers": N_("Largest customers"),
    "concentration": N_("Concentration"),
    "credit-limits": N_("Credit limits"),
    "provision": N_("Expected credit loss"),
    "dso": N_("Days sales outstanding"),
    "cei": N_("Collection effectiveness"),
    "roll-rates": N_("Roll rates"),
    "cure-rate": N_("Cure rate"),
    "forecast": N_("Cash forecast"),
    "forecast-days": N_("Cash forecast by day"),
    "collected": N_("Collected"),
    "effectiveness": N_("What works"),
    "behavior": N_("How customers pay"),
    "alerts": N_("Early alerts"),
    "scores": N_("Risk of paying late"),
    "calibration": N_("How right the scores were"),
    "promises": N_("Promises kept"),
    "agreements": N_("What became of what was agreed"),
    "conduct": N_("Conduct"),
    "disputes": N_("Disputes"),
    "fairness": N_("Fairness"),
}
"""In the order of the list of reports."""


def title_of(name: str) -> str:
    """What a report is called, in the active language. Raises KeyError."""
    return gettext(TITLES[name])

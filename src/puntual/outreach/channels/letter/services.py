"""How a letter is posted where its delivery has to be proved: burofax, carta notarial, registered letter. Pure.

The services are data, in services.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from puntual.kernel.problems import N_, Problem

OUTCOMES: Mapping[str, str] = {
    "delivered": N_("Delivered"),
    "refused": N_("Refused by the recipient"),
    "unclaimed": N_("Not collected in time"),
    "unknown": N_("Not known at this address"),
    "moved": N_("Moved away"),
}
"""What can become of a posted letter; all but the first bring it back."""
_FOR_ALL = {
    "registered": N_("Registered letter with advice of delivery"),
    "by_hand": N_("Handed over against a signed copy"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """One way of posting with a proof. `counts` are the outcomes after which the notice was had; `country` is "" for everywhere.

    `article` and `source` say what stands behind it, `confidence` how well that is known (see `conduct.rules.CONFIDENCES`).
    """

    code: str
    country: str
    name: str
    counts: frozenset[str]
    article: str
    source: str
    confidence: str


@lru_cache(maxsize=1)
def services() -> Mapping[str, Service]:
    """All of them, by code."""
    text = resources.files(__package__ or "").joinpath("services.toml").read_text("utf-8")
    rows = tomllib.loads(text)["service"]
    return {row["code"]: Service(**{**row, "counts": frozenset(row["counts"])}) for row in rows}


def offered(country: str) -> list[Service]:
    """Those of a country, its own first."""
    found = [one for one in services().values() if one.country in (country, "")]
    return sorted(found, key=lambda one: (one.country == "", one.code))


def service_of(code: str) -> Service:
    """The service of that code. Raises Problem where there is none."""
    found = services().get(code)
    if found is None:
        raise Problem(
            N_("“{code}” is no way of posting with a proof. Choose one of: {codes}."),
            code=code,
            codes=", ".join(services()),
        )
    return found


def was_had(code: str, outcome: str) -> bool:
    """Whether a notice with that outcome was had. Without a service only a delivery counts."""
    return outcome in (service_of(code).counts if code else frozenset({"delivered"}))


def name_of(code: str) -> str:
    """What a service is called: an English sentence for the catalogs, or its own name in its country; "" for ordinary post."""
    return "" if not code else _FOR_ALL.get(code) or service_of(code).name

"""What a customer's tab of agreements is made of: one line per part, in the order of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from puntual.desk.pages import DeskRequest
from puntual.desk.views import (
    agreements_approvals,
    agreements_credit,
    agreements_disputes,
    agreements_extensions,
    agreements_plans,
    agreements_profile,
    agreements_promises,
    instruments,
)
from puntual.parties.models import Customer


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the tab: what `gather(request, customer)` gives is `given` in its template; None leaves the part out."""

    subject: str
    gather: Callable[[DeskRequest, Customer], Any]

    @property
    def template(self) -> str:
        return f"desk/parts/agreements_{self.subject}.html"


PARTS = (
    Part("profile", agreements_profile.part),
    Part("promises", agreements_promises.part),
    Part("instruments", instruments.part),
    Part("extensions", agreements_extensions.part),
    Part("plans", agreements_plans.part),
    Part("disputes", agreements_disputes.part),
    Part("approvals", agreements_approvals.part),
    Part("credit", agreements_credit.part),
    Part("terms", agreements_extensions.terms_part),
)


def parts_of(request: DeskRequest, customer: Customer) -> list[tuple[str, Any]]:
    """Each part's template with what it shows."""
    found = ((part.template, part.gather(request, customer)) for part in PARTS)
    return [(template, given) for template, given in found if given is not None]

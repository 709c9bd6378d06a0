"""What was found out about a customer: a part of its tab."""

from typing import Any

from puntual.agreements.profiles.queries import findings
from puntual.agreements.profiles.words import in_words
from puntual.desk import diagnosing
from puntual.desk.pages import DeskRequest
from puntual.parties.models import Customer

ON_A_TAB = 6


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """The latest findings, the one that counts first; and what the record suggests."""
    rows = findings(request.organization.id, customer.id)[:ON_A_TAB]
    return {
        "rows": [(one, in_words(one)) for one in rows],
        "customer": customer,
        "diagnosis": diagnosing.shown(request, customer),
    }

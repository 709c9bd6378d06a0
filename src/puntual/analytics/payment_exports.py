"""An export of payments as a report, so that it is written as all of them are: CSV, JSON and XLSX."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from puntual.analytics.tables import Column, Report
from puntual.organizations.models import Organization
from puntual.payments.exporting.models import PaymentExport
from puntual.payments.exporting.queries import TEXTS, came_in, lines_of


def report_of(export: PaymentExport) -> Report:
    """The lines of an export, in the active language; to be written inside one transaction."""
    labels = {
        "creditor": _("Creditor"),
        "customer_code": _("Code"),
        "customer": _("Customer"),
        "tax_id": _("Tax id"),
        "reference": _("Operation"),
        "method": _("How"),
        "document": _("Document"),
        "installment": _("Installment"),
        "memo": _("Note"),
    }
    columns = (
        Column("date", _("Date")),
        Column("movement", _("Movement")),
        *(Column(name, labels[name]) for name in TEXTS),
        Column("currency", _("Currency"), "currency"),
        Column("amount", _("Amount"), "money"),
        Column("id", _("Id")),
    )
    empty = ("",) * (len(TEXTS) - 1)
    zone = Organization.objects.get(pk=export.organization_id).time_zone
    return Report(
        name="payments",
        title=_("Payments"),
        basis=_basis(export),
        as_of=export.made_at.astimezone(ZoneInfo(zone)).date(),
        columns=columns,
        rows=((line.on, line.kind, *line.texts, line.currency, line.amount, line.id) for line in lines_of(export)),
        totals=tuple(
            (_("Came in"), "", "", *empty, currency, amount, "") for currency, amount in came_in(export).items()
        ),
        rows_key="movements",
        facts={
            "export": export.number,
            "made_at": export.made_at.isoformat(),
            "only_new": export.only_new,
            "from": export.from_on.isoformat() if export.from_on else None,
            "to": export.to_on.isoformat() if export.to_on else None,
            "lines": export.lines,
            "came_in": came_in(export),
        },
    )


def _basis(export: PaymentExport) -> str:
    if export.only_new:
        return _("Export {number}: what no export had before.").format(number=export.number)
    first = export.from_on.isoformat() if export.from_on else "…"
    last = export.to_on.isoformat() if export.to_on else "…"
    return _("Export {number}: from {first} through {last}.").format(number=export.number, first=first, last=last)

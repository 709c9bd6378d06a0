"""The addresses of disputes, and of what they come from."""

from django.urls import URLPattern, path

from puntual.desk.views import dispute_causes, disputes
from puntual.desk.views.lists import listing

inside: list[URLPattern] = [
    path("agreements/disputes/", listing("disputes"), name="disputes"),
    path("agreements/disputes/<uuid:dispute_id>", disputes.dispute, name="dispute"),
    path("agreements/disputes/<uuid:dispute_id>/note", disputes.note, name="dispute_note"),
    path("agreements/disputes/<uuid:dispute_id>/evidence", disputes.attach, name="dispute_attach"),
    path("agreements/disputes/<uuid:dispute_id>/restate", disputes.restate, name="dispute_restate"),
    path("agreements/disputes/<uuid:dispute_id>/assign", disputes.assign, name="dispute_assign"),
    path("agreements/disputes/<uuid:dispute_id>/extend", disputes.extend, name="dispute_extend"),
    path("agreements/disputes/<uuid:dispute_id>/accept", disputes.accept, name="dispute_accept"),
    path("agreements/disputes/<uuid:dispute_id>/credit", disputes.credit, name="dispute_credit"),
    path("agreements/disputes/<uuid:dispute_id>/correct", disputes.correct, name="dispute_correct"),
    path("agreements/disputes/<uuid:dispute_id>/reject", disputes.reject, name="dispute_reject"),
    path("agreements/disputes/<uuid:dispute_id>/withdraw", disputes.withdraw, name="dispute_withdraw"),
    path("agreements/disputes/<uuid:dispute_id>/reopen", disputes.reopen, name="dispute_reopen"),
    path("agreements/disputes/files/<uuid:evidence_id>", disputes.file, name="dispute_file"),
    path("portfolio/invoices/<uuid:invoice_id>/dispute", disputes.open_one, name="invoice_dispute"),
    path("reports/disputes", dispute_causes.report, name="dispute_causes"),
    path("reports/disputes.<slug:kind>", dispute_causes.export, name="dispute_causes_export"),
]

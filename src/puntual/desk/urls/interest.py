"""The addresses of late interest, and of exports for accounting."""

from django.urls import URLPattern, path

from puntual.desk.views import interest, interest_terms, payment_exports

inside: list[URLPattern] = [
    path("portfolio/invoices/<uuid:invoice_id>/interest", interest.of_invoice, name="invoice_interest"),
    path("portfolio/invoices/<uuid:invoice_id>/interest/charge", interest.charge_invoice, name="charge_invoice"),
    path("portfolio/invoices/<uuid:invoice_id>/waive", interest.waive, name="charge_waive"),
    path("portfolio/interest/<uuid:customer_id>", interest.of_customer, name="customer_interest"),
    path("portfolio/interest/<uuid:customer_id>/charge", interest.charge_customer, name="charge_customer"),
    path("portfolio/interest/<uuid:customer_id>/terms", interest_terms.of_customer, name="customer_interest_terms"),
    path("portfolio/interest/<uuid:customer_id>/terms/end", interest_terms.end_of_customer, name="end_customer_terms"),
    path("settings/creditors/<uuid:creditor_id>/interest", interest_terms.of_creditor, name="interest_terms"),
    path("settings/creditors/<uuid:creditor_id>/interest/on", interest_terms.turn_on, name="interest_on"),
    path("settings/creditors/<uuid:creditor_id>/interest/off", interest_terms.turn_off, name="interest_off"),
    path("settings/creditors/<uuid:creditor_id>/interest/rate", interest_terms.rate, name="interest_rate"),
    path("portfolio/exports/", payment_exports.exports, name="payment_exports"),
    path("portfolio/exports/make", payment_exports.make, name="make_payment_export"),
    path("portfolio/exports/<uuid:export_id>.<slug:kind>", payment_exports.download, name="payment_export"),
]

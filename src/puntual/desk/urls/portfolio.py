"""The addresses of the portfolio: aging, invoices, payments."""

from django.urls import URLPattern, path

from puntual.desk.views import corrections, invoices, payments, portfolio
from puntual.desk.views.lists import listing

inside: list[URLPattern] = [
    path("portfolio/", portfolio.aging, name="portfolio"),
    path("portfolio/aging.<slug:kind>", portfolio.export, name="aging_export"),
    path("portfolio/invoices/", listing("invoices"), name="invoices"),
    path("portfolio/invoices/<uuid:invoice_id>", invoices.invoice, name="invoice"),
    path("portfolio/invoices/<uuid:invoice_id>/pause", invoices.pause, name="invoice_pause"),
    path("portfolio/invoices/<uuid:invoice_id>/write-off", corrections.write_off, name="invoice_write_off"),
    path("portfolio/entries/<uuid:entry_id>/undo-write-off", corrections.undo_write_off, name="write_off_undo"),
    path("portfolio/invoices/<uuid:invoice_id>/credit-note", corrections.credit_note, name="invoice_credit_note"),
    path("portfolio/invoices/<uuid:invoice_id>/files", invoices.attach, name="invoice_attach"),
    path("portfolio/files/<uuid:file_id>", invoices.file, name="invoice_file"),
    path("portfolio/files/<uuid:file_id>/remove", invoices.remove_file, name="invoice_file_remove"),
    path("portfolio/payments/", listing("payments"), name="payments"),
    path("portfolio/payments/<uuid:payment_id>", payments.payment, name="payment"),
    path("portfolio/payments/<uuid:payment_id>/apply", payments.apply, name="payment_apply"),
    path("portfolio/payments/<uuid:payment_id>/reverse", payments.reverse, name="payment_reverse"),
    path("portfolio/payments/<uuid:payment_id>/refund", payments.refund, name="payment_refund"),
    path("portfolio/allocations/<uuid:allocation_id>/take-off", payments.take_off, name="allocation_take_off"),
]

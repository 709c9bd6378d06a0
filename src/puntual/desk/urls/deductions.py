"""The addresses of what customers will not pay: withholdings, deposits elsewhere, discounts whose credit note is to come."""

from django.urls import URLPattern, path

from puntual.desk.views import deductions

inside: list[URLPattern] = [
    path("portfolio/deductions/", deductions.deductions, name="deductions"),
    path("portfolio/deductions/<uuid:deduction_id>/close", deductions.close, name="deduction_close"),
    path("portfolio/deductions/<uuid:deduction_id>/give-up", deductions.give_up, name="deduction_give_up"),
    path("portfolio/deductions/<uuid:deduction_id>/file", deductions.attach, name="deduction_attach"),
    path("portfolio/deductions/files/<uuid:file_id>", deductions.file, name="deduction_file"),
    path("portfolio/invoices/<uuid:invoice_id>/discount", deductions.grant, name="invoice_discount"),
]

"""The addresses of more time, changed terms, customers' payment rules and discounts for paying early."""

from django.urls import URLPattern, path

from puntual.desk.views import agreements_extensions, early, extensions, terms

inside: list[URLPattern] = [
    path("agreements/extensions/", agreements_extensions.extensions, name="extensions"),
    path("agreements/extensions/of/<uuid:customer_id>", extensions.grant, name="extension_grant"),
    path("agreements/extensions/of/invoice/<uuid:invoice_id>", extensions.grant_invoice, name="invoice_extend"),
    path("agreements/extensions/<uuid:extension_id>/withdraw", extensions.withdraw, name="extension_withdraw"),
    path("customers/<uuid:customer_id>/terms/change", terms.change, name="terms_change"),
    path("customers/<uuid:customer_id>/terms/rules", terms.rules, name="payment_rules"),
    path("customers/<uuid:customer_id>/terms/early", early.terms, name="early_terms"),
    path("customers/<uuid:customer_id>/terms/early/end", early.end_terms, name="early_terms_end"),
    path("agreements/terms/<uuid:terms_id>/withdraw", terms.withdraw, name="terms_withdraw"),
    path("portfolio/invoices/<uuid:invoice_id>/early", early.discount, name="early_discount"),
    path("portfolio/early/<uuid:discount_id>/withdraw", early.withdraw, name="early_discount_withdraw"),
    path("portfolio/invoices/<uuid:invoice_id>/reception", terms.reception, name="invoice_reception"),
]

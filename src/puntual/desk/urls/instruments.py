"""The addresses of instruments: letras, pagarés, checks and debits, and what happens to them."""

from django.urls import URLPattern, path

from puntual.desk.views import instruments

inside: list[URLPattern] = [
    path("portfolio/instruments/", instruments.instruments, name="instruments"),
    path("portfolio/instruments/<uuid:instrument_id>", instruments.instrument, name="instrument"),
    path("portfolio/instruments/<uuid:instrument_id>/deposit", instruments.deposit, name="instrument_deposit"),
    path("portfolio/instruments/<uuid:instrument_id>/pay", instruments.pay, name="instrument_pay"),
    path("portfolio/instruments/<uuid:instrument_id>/return", instruments.return_it, name="instrument_return"),
    path("portfolio/instruments/<uuid:instrument_id>/give-back", instruments.give_back, name="instrument_give_back"),
    path("portfolio/instruments/<uuid:instrument_id>/renew", instruments.renew, name="instrument_renew"),
    path("customers/<uuid:customer_id>/instruments/new", instruments.receive, name="customer_instrument"),
]

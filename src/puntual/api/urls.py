"""Addresses for machines. Those of providers carry their own signed key; none of them needs a sign-in."""

from django.urls import URLPattern, path

from puntual.api import hooks, payment_hooks

urlpatterns: list[URLPattern] = [
    path("meta/<str:token>", hooks.meta, name="meta_hook"),
    path("twilio/<str:token>", hooks.twilio, name="twilio_hook"),
    path("stripe/<str:token>", payment_hooks.stripe, name="stripe_hook"),
    path("mercadopago/<str:token>", payment_hooks.mercadopago, name="mercadopago_hook"),
]

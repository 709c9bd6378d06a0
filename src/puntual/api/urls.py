"""Addresses for machines. Those of providers carry their own signed key; none of them needs a sign-in."""

from django.urls import URLPattern, path, re_path

from puntual.api import hooks, mail_hooks, payment_hooks

urlpatterns: list[URLPattern] = [
    path("meta/<str:token>", hooks.meta, name="meta_hook"),
    path("twilio/<str:token>", hooks.twilio, name="twilio_hook"),
    re_path(r"^mail/(?P<token>[^/]+)/(?P<way>tracking|inbound)$", mail_hooks.mail, name="mail_hook"),
    path("stripe/<str:token>", payment_hooks.stripe, name="stripe_hook"),
    path("mercadopago/<str:token>", payment_hooks.mercadopago, name="mercadopago_hook"),
]

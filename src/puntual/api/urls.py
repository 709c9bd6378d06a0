"""Addresses for machines. Those of providers carry their own signed key; none of them needs a sign-in."""

from django.urls import URLPattern, path

from puntual.api import hooks

urlpatterns: list[URLPattern] = [
    path("meta/<str:token>", hooks.meta, name="meta_hook"),
    path("twilio/<str:token>", hooks.twilio, name="twilio_hook"),
]

"""The customers' addresses, under /c/: none of them needs a sign-in, each carries its own signed key."""

from django.urls import URLPattern, path

from puntual.portal import views

urlpatterns: list[URLPattern] = [path("stop/<str:token>", views.stop_messages, name="stop_messages")]

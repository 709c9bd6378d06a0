"""The customers' addresses, under /c/: none of them needs a sign-in, each carries its own signed key."""

from django.urls import URLPattern, path

from puntual.portal import account_views, views

urlpatterns: list[URLPattern] = [
    path("stop/<str:token>", views.stop_messages, name="stop_messages"),
    path("a/<str:token>", account_views.account, name="portal_account"),
    path("a/<str:token>/statement.pdf", account_views.statement_file, name="portal_statement"),
    path("a/<str:token>/paid", account_views.paid, name="portal_paid"),
    path("a/<str:token>/time", account_views.time, name="portal_time"),
    path("a/<str:token>/problem", account_views.objection, name="portal_object"),
]

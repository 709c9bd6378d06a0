"""The customers' addresses, under /c/: none of them needs a sign-in, and each that is about somebody carries a signed key."""

from django.urls import URLPattern, path

from puntual.portal import acceptance_views, account_views, learning_views, paying, views

urlpatterns: list[URLPattern] = [
    path("stop/<str:token>", views.stop_messages, name="stop_messages"),
    path("a/<str:token>", account_views.account, name="portal_account"),
    path("a/<str:token>/statement.pdf", account_views.statement_file, name="portal_statement"),
    path("a/<str:token>/paid", account_views.paid, name="portal_paid"),
    path("a/<str:token>/time", account_views.time, name="portal_time"),
    path("a/<str:token>/problem", account_views.objection, name="portal_object"),
    path("a/<str:token>/reach", account_views.reach, name="portal_reach"),
    path("a/<str:token>/pay", paying.pay, name="portal_pay"),
    path("learn/", learning_views.choose, name="learn_any"),
    path("learn/<slug:language>/", learning_views.listing, name="learn"),
    path("learn/<slug:language>/<slug:code>", learning_views.lesson, name="lesson"),
    path("g/<str:token>", acceptance_views.agreement, name="portal_agreement"),
    path("g/<str:token>/code", acceptance_views.code, name="portal_agreement_code"),
    path("g/<str:token>/agreement.pdf", acceptance_views.document, name="portal_agreement_document"),
]

"""Addresses of the reports that are a table, a chart and a file; those with a page of their own come first in `urls`."""

from django.urls import URLPattern, path

from puntual.desk.views import management_letter, reports, subscriptions

inside: list[URLPattern] = [
    path("reports/", reports.index, name="reports"),
    path("reports/subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("reports/subscriptions/new", subscriptions.new_subscription, name="new_subscription"),
    path(
        "reports/subscriptions/<uuid:subscription_id>/pause",
        subscriptions.pause_subscription,
        name="pause_subscription",
    ),
    path(
        "reports/subscriptions/<uuid:subscription_id>/resume",
        subscriptions.resume_subscription,
        name="resume_subscription",
    ),
    path("reports/subscriptions/<uuid:subscription_id>/end", subscriptions.end_subscription, name="end_subscription"),
    path(
        "reports/subscriptions/<uuid:subscription_id>/send", subscriptions.send_subscription, name="send_subscription"
    ),
    path("reports/letter", management_letter.management_letter, name="management_letter"),
    path("reports/<slug:name>", reports.report, name="report"),
    path("reports/<slug:name>.<slug:kind>", reports.export, name="report_export"),
]

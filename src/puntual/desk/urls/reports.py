"""Addresses of the reports that are a table, a chart and a file; those with a page of their own come first in `urls`."""

from django.urls import URLPattern, path

from puntual.desk.views import management_letter, report_rates, report_rows, reports, subscriptions

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
    path("reports/rates", report_rates.report_rates, name="report_rates"),
    path("reports/rates/loss", report_rates.set_loss, name="set_loss_rates"),
    path("reports/rates/exchange", report_rates.enter_exchange, name="enter_exchange_rate"),
    path("reports/rates/file", report_rates.enter_exchange_file, name="enter_exchange_rates"),
    path("reports/<slug:name>", reports.report, name="report"),
    path("reports/<slug:name>/rows", report_rows.report_rows, name="report_rows"),
    path("reports/<slug:name>/rows.<slug:kind>", report_rows.report_rows_export, name="report_rows_export"),
    path("reports/<slug:name>.<slug:kind>", reports.export, name="report_export"),
]

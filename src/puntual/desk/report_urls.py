"""Addresses of the reports that are a table, a chart and a file; those with a page of their own come first in `urls`."""

from django.urls import URLPattern, path

from puntual.desk.views import reports

inside: list[URLPattern] = [
    path("reports/", reports.index, name="reports"),
    path("reports/<slug:name>", reports.report, name="report"),
    path("reports/<slug:name>.<slug:kind>", reports.export, name="report_export"),
]

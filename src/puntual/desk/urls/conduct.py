"""Addresses of the rules of conduct and of the report on them."""

from django.urls import URLPattern, path

from puntual.desk.views import conduct, conduct_report

inside: list[URLPattern] = [
    path("manual/conduct/", conduct.conduct, name="conduct"),
    path("manual/conduct/rules/<slug:kind>", conduct.add, name="add_conduct_rule"),
    path("manual/conduct/rules/<uuid:rule_id>/end", conduct.end, name="end_conduct_rule"),
    path("manual/conduct/days", conduct.add_day, name="add_conduct_day"),
    path("reports/conduct", conduct_report.report, name="conduct_report"),
    path("reports/conduct.<slug:kind>", conduct_report.export, name="conduct_export"),
]

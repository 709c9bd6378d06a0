"""The addresses of the report on fairness."""

from django.urls import URLPattern, path

from puntual.desk.views import fairness

inside: list[URLPattern] = [
    path("reports/fairness", fairness.report, name="fairness"),
    path("reports/fairness.<slug:kind>", fairness.export, name="fairness_export"),
]

"""The addresses of the negotiation desk and of what is found out about a customer."""

from django.urls import URLPattern, path

from puntual.desk.views import negotiating

inside: list[URLPattern] = [
    path("customers/<uuid:customer_id>/negotiation", negotiating.negotiation, name="negotiation"),
    path("customers/<uuid:customer_id>/finding", negotiating.finding, name="finding"),
]

"""The addresses of what customers say they have paid."""

from django.urls import URLPattern, path

from puntual.desk.views import claims

inside: list[URLPattern] = [
    path("payments/claims/", claims.claims, name="claims"),
    path("payments/claims/<uuid:claim_id>/receipt", claims.receipt, name="claim_receipt"),
    path("payments/claims/<uuid:claim_id>/confirm", claims.confirm, name="claim_confirm"),
    path("payments/claims/<uuid:claim_id>/not-found", claims.reject, name="claim_reject"),
]

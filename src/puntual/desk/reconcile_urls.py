"""The addresses of reconciling: the bank's lines that wait, what was done with others, accounts and rules."""

from django.urls import URLPattern, path

from puntual.desk.views import reconcile

inside: list[URLPattern] = [
    path("payments/reconcile/", reconcile.lines, name="reconcile"),
    path("payments/reconcile/undo", reconcile.undo, name="reconcile_undo"),
    path("payments/reconcile/<uuid:line_id>", reconcile.line, name="reconcile_line"),
    path("payments/reconcile/<uuid:line_id>/accept/<int:rank>", reconcile.accept, name="reconcile_accept"),
    path("payments/reconcile/<uuid:line_id>/split", reconcile.split, name="reconcile_split"),
    path("payments/reconcile/<uuid:line_id>/ignore", reconcile.ignore, name="reconcile_ignore"),
    path("payments/reconcile/<uuid:line_id>/ask", reconcile.ask, name="reconcile_ask"),
]

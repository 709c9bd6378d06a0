"""The addresses of reconciling: the bank's lines that wait, what was done with others, accounts and rules."""

from django.urls import URLPattern, path

from puntual.desk.views import reconcile, reconcile_around

inside: list[URLPattern] = [
    path("payments/reconcile/", reconcile.lines, name="reconcile"),
    path("payments/reconcile/undo", reconcile.undo, name="reconcile_undo"),
    path("payments/reconcile/<uuid:line_id>", reconcile.line, name="reconcile_line"),
    path("payments/reconcile/<uuid:line_id>/accept/<int:rank>", reconcile.accept, name="reconcile_accept"),
    path("payments/reconcile/<uuid:line_id>/split", reconcile.split, name="reconcile_split"),
    path("payments/reconcile/<uuid:line_id>/ignore", reconcile.ignore, name="reconcile_ignore"),
    path("payments/reconcile/<uuid:line_id>/ask", reconcile.ask, name="reconcile_ask"),
    path("payments/reconcile/<uuid:line_id>/take-back", reconcile_around.take_back, name="reconcile_take_back"),
    path("payments/reconcile/done/", reconcile_around.matched, name="reconcile_matched"),
    path("payments/reconcile/statements/", reconcile_around.statements, name="reconcile_statements"),
    path("payments/reconcile/statements/new", reconcile_around.new_file, name="reconcile_new_file"),
    path("payments/reconcile/statements/<uuid:file_id>", reconcile_around.file, name="reconcile_file"),
    path("payments/reconcile/rules/", reconcile_around.rules, name="reconcile_rules"),
    path("payments/reconcile/rules/bar", reconcile_around.set_bar, name="reconcile_bar"),
    path("payments/reconcile/rules/<uuid:trait_id>/forget", reconcile_around.forget, name="reconcile_forget"),
]

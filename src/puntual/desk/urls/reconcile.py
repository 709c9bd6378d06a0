"""The addresses of reconciling: the bank's lines that wait, what was done with others, accounts and rules."""

from django.urls import URLPattern, path

from puntual.desk.views import reconcile, reconcile_around, reconcile_by_hand, reconcile_withholdings

inside: list[URLPattern] = [
    path("payments/reconcile/", reconcile.lines, name="reconcile"),
    path("payments/reconcile/undo", reconcile.undo, name="reconcile_undo"),
    path("payments/reconcile/<uuid:line_id>", reconcile.line, name="reconcile_line"),
    path("payments/reconcile/<uuid:line_id>/accept/<int:rank>", reconcile.accept, name="reconcile_accept"),
    path(
        "payments/reconcile/<uuid:line_id>/instrument/<uuid:instrument_id>",
        reconcile.accept_instrument,
        name="reconcile_instrument",
    ),
    path("payments/reconcile/<uuid:line_id>/split", reconcile.split, name="reconcile_split"),
    path("payments/reconcile/<uuid:line_id>/ignore", reconcile.ignore, name="reconcile_ignore"),
    path("payments/reconcile/<uuid:line_id>/ask", reconcile.ask, name="reconcile_ask"),
    path("payments/reconcile/<uuid:line_id>/take-back", reconcile_around.take_back, name="reconcile_take_back"),
    path("payments/reconcile/taken-back/", reconcile_by_hand.taken_back, name="reconcile_taken_back"),
    path(
        "payments/reconcile/taken-back/<uuid:line_id>/payment/<uuid:payment_id>",
        reconcile_by_hand.take_back_payment,
        name="reconcile_take_back_payment",
    ),
    path(
        "payments/reconcile/taken-back/<uuid:line_id>/ignore",
        reconcile_by_hand.ignore_reversal,
        name="reconcile_ignore_reversal",
    ),
    path("payments/reconcile/deposits/", reconcile_by_hand.deposits, name="reconcile_deposits"),
    path(
        "payments/reconcile/deposits/<uuid:line_id>/deduction/<uuid:deduction_id>",
        reconcile_by_hand.settle_deposit,
        name="reconcile_settle_deposit",
    ),
    path(
        "payments/reconcile/deposits/<uuid:line_id>/invoice",
        reconcile_by_hand.deposit_of_invoice,
        name="reconcile_deposit_of_invoice",
    ),
    path(
        "payments/reconcile/accounts/<uuid:account_id>/restrict",
        reconcile_by_hand.restrict,
        name="reconcile_restrict",
    ),
    path("payments/reconcile/withholdings/", reconcile_withholdings.rates, name="reconcile_withholdings"),
    path("payments/reconcile/withholdings/new", reconcile_withholdings.add, name="reconcile_withholding_add"),
    path(
        "payments/reconcile/withholdings/<slug:country>/<slug:code>/use",
        reconcile_withholdings.use,
        name="reconcile_withholding_use",
    ),
    path(
        "payments/reconcile/statements/<uuid:file_id>/answer",
        reconcile_around.answer,
        name="reconcile_answer",
    ),
    path("payments/reconcile/done/", reconcile_around.matched, name="reconcile_matched"),
    path("payments/reconcile/statements/", reconcile_around.statements, name="reconcile_statements"),
    path("payments/reconcile/statements/new", reconcile_around.new_file, name="reconcile_new_file"),
    path("payments/reconcile/statements/<uuid:file_id>", reconcile_around.file, name="reconcile_file"),
    path("payments/reconcile/rules/", reconcile_around.rules, name="reconcile_rules"),
    path("payments/reconcile/rules/bar", reconcile_around.set_bar, name="reconcile_bar"),
    path("payments/reconcile/rules/<uuid:trait_id>/forget", reconcile_around.forget, name="reconcile_forget"),
]

"""The addresses of payment plans and settlements."""

from django.urls import URLPattern, path

from puntual.desk.views import agreements_plans, plan_making, plan_sending, plans

inside: list[URLPattern] = [
    path("agreements/plans/", agreements_plans.plans, name="plans"),
    path("agreements/plans/<uuid:plan_id>", plans.plan, name="plan"),
    path("agreements/plans/<uuid:plan_id>.pdf", plans.document, name="plan_document"),
    path("agreements/plans/<uuid:plan_id>/accept", plans.accept, name="plan_accept"),
    path("agreements/plans/<uuid:plan_id>/send", plan_sending.send, name="plan_send"),
    path(
        "agreements/plans/<uuid:plan_id>/accepted/<uuid:acceptance_id>.pdf",
        plan_sending.kept,
        name="plan_accepted_document",
    ),
    path("agreements/plans/<uuid:plan_id>/refuse", plans.refuse, name="plan_refuse"),
    path("agreements/plans/<uuid:plan_id>/withdraw", plans.withdraw, name="plan_withdraw"),
    path("agreements/plans/<uuid:plan_id>/end", plans.end, name="plan_end"),
    path("agreements/plans/<uuid:plan_id>/again", plan_making.again, name="plan_again"),
    path("customers/<uuid:customer_id>/plan", plan_making.new, name="plan_new"),
]

"""The desk's addresses. Everything under /o/<slug>/ is inside an organization (`OrganizationScope`)."""

from django.urls import URLPattern, URLResolver, include, path

from puntual.desk import (
    agreement_urls,
    approval_urls,
    conduct_urls,
    customer_urls,
    deduction_urls,
    dispute_urls,
    fairness_urls,
    instrument_urls,
    interest_urls,
    letter_urls,
    manual_urls,
    negotiation_urls,
    plan_urls,
    portfolio_urls,
    reconcile_urls,
    report_urls,
    segment_urls,
    setup_urls,
    text_urls,
    trying_urls,
    whatsapp_urls,
    work_urls,
)
from puntual.desk.views import root, search, starting, today

inside: list[URLPattern] = [
    path("", today.today, name="today"),
    path("search", search.search, name="search"),
    *work_urls.inside,
    *letter_urls.inside,
    *negotiation_urls.inside,
    *plan_urls.inside,
    *customer_urls.inside,
    *portfolio_urls.inside,
    *agreement_urls.inside,
    *dispute_urls.inside,
    *fairness_urls.inside,
    *approval_urls.inside,
    *instrument_urls.inside,
    *deduction_urls.inside,
    *interest_urls.inside,
    *reconcile_urls.inside,
    *conduct_urls.inside,
    *manual_urls.inside,
    *segment_urls.inside,
    *text_urls.inside,
    *trying_urls.inside,
    *whatsapp_urls.inside,
    *setup_urls.inside,
    *report_urls.inside,
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", root.root, name="root"),
    path("start/", starting.start, name="first_person"),
    path("organizations/new", starting.new_organization, name="new_organization"),
    path("preferences", root.preferences, name="preferences"),
    path("accounts/", include("puntual.desk.account_urls")),
    path("o/<slug:slug>/", include(inside)),
]

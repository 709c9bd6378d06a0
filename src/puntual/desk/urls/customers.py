"""The addresses of customers and of what is done with them."""

from django.urls import URLPattern, path

from puntual.desk.views import customer, customer_actions, customer_files, documents, limitation, people
from puntual.desk.views.lists import listing

inside: list[URLPattern] = [
    path("customers/", listing("customers"), name="customers"),
    path("customers/<uuid:customer_id>", customer.customer, name="customer"),
    path("customers/<uuid:customer_id>/payment", customer_actions.payment, name="customer_payment"),
    path("customers/<uuid:customer_id>/pause", customer_actions.pause, name="customer_pause"),
    path("customers/<uuid:customer_id>/note", customer_actions.note, name="customer_note"),
    path("customers/<uuid:customer_id>/handling", customer_actions.handling, name="customer_handling"),
    path("customers/<uuid:customer_id>/status", customer_actions.status, name="customer_status"),
    path("customers/<uuid:customer_id>/claim-fact", limitation.record, name="claim_fact_record"),
    path("customers/<uuid:customer_id>/lift-time-bar", limitation.lift, name="time_bar_lift"),
    path("customers/claim-facts/<uuid:fact_id>/withdraw", limitation.withdraw, name="claim_fact_withdraw"),
    path("customers/<uuid:customer_id>/approve/<uuid:activity_id>", customer_actions.approve, name="customer_approve"),
    path("customers/<uuid:customer_id>/file", customer_files.keep, name="customer_file_keep"),
    path("customers/files/<uuid:file_id>", customer_files.file, name="customer_file"),
    path("customers/files/<uuid:file_id>/remove", customer_files.remove, name="customer_file_remove"),
    path("customers/<uuid:customer_id>/person", people.add, name="person_add"),
    path("customers/<uuid:customer_id>/preference", people.prefer, name="customer_prefers"),
    path("customers/<uuid:customer_id>/point", people.add_point, name="point_add"),
    path("customers/<uuid:customer_id>/statement.pdf", documents.customer_statement, name="customer_statement"),
    path("customers/<uuid:customer_id>/record.pdf", documents.customer_record, name="customer_record"),
    path("customers/<uuid:customer_id>/record.zip", documents.customer_bundle, name="customer_bundle"),
    path("customers/<uuid:customer_id>/<slug:tab>", customer.customer, name="customer_tab"),
    path("customers/holds/<uuid:hold_id>/release", customer_actions.release, name="hold_release"),
    path("customers/people/<uuid:person_id>", people.edit, name="person_edit"),
    path("customers/people/<uuid:person_id>/preference", people.person_prefers, name="person_prefers"),
    path("customers/people/<uuid:person_id>/end", people.end, name="person_end"),
    path("customers/points/<uuid:point_id>/retire", people.retire_point, name="point_retire"),
    path("customers/points/<uuid:point_id>/consent", people.consent, name="point_consent"),
]

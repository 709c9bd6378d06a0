"""Addresses of the manual: its versions, drafts and documents."""

from django.urls import URLPattern, path

from puntual.desk.views import manual, manual_document, manual_drafts, manual_notices

inside: list[URLPattern] = [
    path("manual/", manual.manual, name="manual"),
    path("manual/versions/", manual.strategies, name="strategies"),
    path("manual/versions/import", manual.import_file, name="manual_import"),
    path("manual/versions/<uuid:version_id>", manual.version, name="manual_version"),
    path("manual/versions/<uuid:version_id>/where", manual.where, name="manual_where"),
    path("manual/versions/<uuid:version_id>/results", manual.results, name="manual_results"),
    path("manual/versions/<uuid:version_id>/changes", manual.compare, name="manual_compare"),
    path("manual/versions/<uuid:version_id>/toml", manual.export, name="manual_export"),
    path("manual/versions/<uuid:version_id>/document", manual_document.document, name="manual_document"),
    path("manual/versions/<uuid:version_id>/document.pdf", manual_document.pdf, name="manual_pdf"),
    path("manual/versions/<uuid:version_id>/draft", manual_drafts.make, name="manual_make"),
    path("manual/versions/<uuid:version_id>/activate", manual_drafts.activation, name="manual_activate"),
    path("manual/versions/<uuid:version_id>/discard", manual_drafts.discard, name="manual_discard"),
    path("manual/versions/<uuid:version_id>/heading", manual_drafts.heading, name="manual_heading"),
    path("manual/versions/<uuid:version_id>/steps/", manual_drafts.new_step, name="manual_new_step"),
    path("manual/versions/<uuid:version_id>/steps/<slug:code>", manual_drafts.step, name="manual_step"),
    path("manual/versions/<uuid:version_id>/steps/<slug:code>/move", manual_drafts.move, name="manual_move"),
    path("manual/versions/<uuid:version_id>/steps/<slug:code>/remove", manual_drafts.remove, name="manual_remove_step"),
    path("manual/versions/<uuid:version_id>/notices/", manual_notices.notice, name="manual_new_notice"),
    path("manual/versions/<uuid:version_id>/notices/<slug:code>", manual_notices.notice, name="manual_notice"),
    path(
        "manual/versions/<uuid:version_id>/notices/<slug:code>/remove",
        manual_notices.remove,
        name="manual_remove_notice",
    ),
    path("manual/versions/<uuid:version_id>/policies/", manual_drafts.policy, name="manual_new_policy"),
    path("manual/versions/<uuid:version_id>/policies/<int:number>", manual_drafts.policy, name="manual_policy"),
    path(
        "manual/versions/<uuid:version_id>/policies/<int:number>/remove",
        manual_drafts.remove_policy,
        name="manual_remove_policy",
    ),
    path("manual/versions/<uuid:version_id>/offers/", manual_drafts.offer, name="manual_new_offer"),
    path("manual/versions/<uuid:version_id>/offers/<slug:code>", manual_drafts.offer, name="manual_offer"),
    path(
        "manual/versions/<uuid:version_id>/offers/<slug:code>/remove",
        manual_drafts.remove_offer,
        name="manual_remove_offer",
    ),
]

"""The addresses of the credit policy and of customers' credit."""

from django.urls import URLPattern, path

from puntual.desk.views import credit, credit_policy

inside: list[URLPattern] = [
    path("settings/credit/", credit_policy.policy, name="credit_policy"),
    path("settings/credit/draft", credit_policy.make, name="credit_draft"),
    path("settings/credit/text", credit_policy.policy_text, name="credit_text"),
    path("settings/credit/text.pdf", credit_policy.policy_pdf, name="credit_text_pdf"),
    path("settings/credit/text.txt", credit_policy.policy_plain, name="credit_text_plain"),
    path("settings/credit/<uuid:version_id>", credit_policy.version, name="credit_version"),
    path("settings/credit/<uuid:version_id>/activate", credit_policy.activate, name="credit_activate"),
    path("settings/credit/<uuid:version_id>/discard", credit_policy.discard, name="credit_discard"),
    path("settings/credit/<uuid:version_id>/name", credit_policy.name, name="credit_name"),
    path("settings/credit/<uuid:version_id>/words", credit_policy.words, name="credit_words"),
    path("settings/credit/<uuid:version_id>/rules/new", credit_policy.new_rule, name="credit_rule_new"),
    path("settings/credit/<uuid:version_id>/rules/of/<slug:segment>", credit_policy.rule, name="credit_rule"),
    path(
        "settings/credit/<uuid:version_id>/rules/of/<slug:segment>/drop",
        credit_policy.drop_rule,
        name="credit_rule_drop",
    ),
    path("customers/<uuid:customer_id>/credit/", credit.customer, name="customer_credit"),
    path("customers/<uuid:customer_id>/credit/apply", credit.apply, name="credit_apply"),
    path("customers/<uuid:customer_id>/credit/limit", credit.limit, name="credit_limit"),
    path("customers/credit/<uuid:application_id>/document", credit.document, name="credit_document"),
    path("customers/credit/<uuid:application_id>/grant", credit.grant, name="credit_grant"),
    path("customers/credit/<uuid:application_id>/refuse", credit.refuse, name="credit_refuse"),
    path("customers/credit/<uuid:application_id>/withdraw", credit.withdraw, name="credit_withdraw"),
    path("customers/credit/documents/<uuid:document_id>", credit.file, name="credit_file"),
]

"""The addresses of what waits for somebody's yes."""

from django.urls import URLPattern, path

from puntual.desk.views import agreements_approvals as approvals

inside: list[URLPattern] = [
    path("agreements/approvals/", approvals.approvals, name="approvals"),
    path("agreements/approvals/<uuid:approval_id>", approvals.approval, name="approval"),
]

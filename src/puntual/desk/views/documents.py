"""Documents to take along: a customer's account statement, and the record of everything."""

from collections.abc import Callable
from tempfile import TemporaryFile
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from puntual.desk.evidence import bundle_name, evidence, evidence_files
from puntual.desk.formats import sentence
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.views.customer import find
from puntual.kernel.problems import Problem
from puntual.outreach.channels import Document
from puntual.outreach.statement import statement
from puntual.parties.models import Customer


@require_GET
@needs("export")
def customer_statement(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """The account statement of today, as the customer would get it."""
    found = find(request, customer_id)
    return _made(request, found, lambda: statement(found, request.actor.today, request.actor.now))


@require_GET
@needs("export")
def customer_record(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Everything on record about a customer, in the reader's language."""
    found = find(request, customer_id)
    return _made(request, found, lambda: evidence(request.actor, found, request.organization.time_zone))


@require_GET
@needs("export")
def customer_bundle(request: DeskRequest, customer_id: UUID) -> HttpResponseBase:
    """The record with the messages, answers and files themselves, as a ZIP with a manifest."""
    found = find(request, customer_id)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    evidence_files(request.actor, found, request.organization.time_zone, file)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=bundle_name(request.actor, found))
    answer["Cache-Control"] = "no-store"
    return answer


def _made(request: DeskRequest, customer: Customer, make: Callable[[], Document]) -> HttpResponse:
    try:
        return as_file(make())
    except Problem as problem:
        messages.error(request, sentence(problem))
        return redirect(address(request, "customer", customer.id))


def as_file(document: Document) -> HttpResponse:
    """The document as an answer that the browser saves."""
    headers = {"Content-Disposition": f'attachment; filename="{document.name}"', "Cache-Control": "no-store"}
    return HttpResponse(document.content, content_type=document.content_type, headers=headers)

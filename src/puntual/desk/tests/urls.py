"""Pages that do in the small what the scope has to withstand."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db import OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import Context, Template, engines
from django.template.response import SimpleTemplateResponse
from django.urls import include, path

from puntual.config.urls import handler400, handler403, handler404, handler500
from puntual.config.urls import urlpatterns as product
from puntual.desk.pages import DeskRequest, fragment, needs, page
from puntual.kernel.problems import Problem
from puntual.organizations.models import Tolerance

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def write(request: DeskRequest) -> None:
    Tolerance.objects.create(organization_id=request.organization.id, currency="PEN", amount=Decimal(1))


@needs("view")
def answer(request: DeskRequest, status: str) -> HttpResponse:
    write(request)
    if status == "problem":
        raise Problem("{amount} is too much.", amount="12.00")
    if status == "missing":
        raise Http404
    if status == "bug":
        raise ZeroDivisionError
    if status == "down":
        raise OperationalError("the connection is closed")
    messages.success(request, "written")
    return HttpResponse("ok", status=int(status))


@needs("go_live")
def go_live(request: DeskRequest) -> HttpResponse:
    return HttpResponse("live")


@needs("view")
def lazy(request: DeskRequest) -> HttpResponse:
    rows = Tolerance.objects.filter(organization_id=request.organization.id)
    return SimpleTemplateResponse(
        engines["django"].from_string("{% for row in rows %}{{ row.currency }}{% endfor %}"), {"rows": rows}
    )


@needs("view")
def stream(request: DeskRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(row) for row in Tolerance.objects.filter(organization_id=request.organization.id))


@needs("view")
def file(request: DeskRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"))  # noqa: PTH123 - the response closes it


@needs("view")
def actor(request: DeskRequest) -> HttpResponse:
    template = Template("{% load desk %}{% day day %}|{{ amount|money:'PEN' }}|{{ today|date:'c' }}")
    context = {"day": date(2025, 2, 3), "amount": Decimal("-4720.5"), "today": request.actor.today}
    return HttpResponse(f"{request.actor.name}|{template.render(Context(context))}")


@needs("view")
def part(request: DeskRequest) -> HttpResponse:
    messages.success(request, "nine approved")
    return fragment(request, "desk/parts/found.html", q="")


@needs("view")
def whole(request: DeskRequest) -> HttpResponse:
    return page(request, "desk/search.html", "a fact")


def outside(request: HttpRequest) -> HttpResponse:
    raise Problem("{amount} is too much.", amount="12.00")


urlpatterns = [
    path("outside", outside),
    path(
        "o/<slug:slug>/t/",
        include(
            [
                path("answer/<str:status>", answer),
                path("go-live", go_live),
                path("lazy", lazy),
                path("stream", stream),
                path("file", file),
                path("actor", actor),
                path("part", part),
                path("whole", whole),
            ]
        ),
    ),
    *product,
]

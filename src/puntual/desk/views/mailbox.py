"""The capture mailbox: what would have left in rehearsal, as it would have looked."""

from dataclasses import replace
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.desk import formats, keyset
from puntual.desk.pages import DeskRequest, fragment, needs, page
from puntual.outreach.models import CapturedMessage
from puntual.outreach.queries import Mail, captured, read

# A stranger's page inside ours: it runs nothing, loads nothing, sends nothing, and only we may frame it.
_LETTER_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@require_GET
@needs("view")
def mailbox(request: DeskRequest) -> HttpResponse:
    """The list, with the latest message opened beside it."""
    return _mailbox(request, None)


@require_GET
@needs("view")
def message(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """One message; `?text=1` shows its plain text."""
    return _mailbox(request, _find(request, message_id))


@require_GET
@needs("view")
def letter(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """The HTML of a message alone, for the frame."""
    headers = {"Content-Security-Policy": _LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(read(_find(request, message_id)).html, headers=headers)


@require_GET
@needs("view")
def download(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """The message as it would have left, for any mail program."""
    found = _find(request, message_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.id}.eml"'}
    return HttpResponse(bytes(found.raw), content_type="message/rfc822", headers=headers)


def _mailbox(request: DeskRequest, selected: CapturedMessage | None) -> HttpResponse:
    rows = keyset.paginate(captured(request.organization.id), request, by=("captured_at", "id"), descending=True)
    opened = selected is not None
    if selected is None and rows.items:
        selected = _find(request, rows.items[0].pk)
    kept = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    context: dict[str, Any] = {
        "title": _title(len(rows), more=bool(rows.next or rows.previous)),
        "rows": rows,
        "selected": selected,
        "mail": _mail(selected) if selected else None,
        "as_text": "text" in request.GET,
        "opened": opened,
        "query": f"?{next(iter(kept))}={next(iter(kept.values()))}" if kept else "",
    }
    if request.htmx:
        return fragment(request, "desk/parts/mailbox.html", **context)
    return page(request, "desk/mailbox.html", context.pop("title"), **context)


def _mail(selected: CapturedMessage) -> Mail:
    """The message with its addresses as people write them."""
    mail = read(selected)
    return replace(mail, sender=_plain(mail.sender), recipient=_plain(mail.recipient))


def _plain(header: str) -> str:
    name, address = parseaddr(header)
    return f"{name}, {address}" if name else address


def _find(request: DeskRequest, message_id: UUID) -> CapturedMessage:
    return get_object_or_404(CapturedMessage.objects.filter(organization_id=request.organization.id, pk=message_id))


def _title(count: int, *, more: bool) -> str:
    if not count:
        return _("The capture mailbox is empty")
    if more:
        return _("The capture mailbox")
    said = ngettext("{n} message stayed here", "{n} messages stayed here", count)
    return said.format(n=formats.number(count))

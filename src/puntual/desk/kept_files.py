"""Files that somebody supplied, handed out again: to be kept, and opened by no browser in our name."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def handed_out(name: str, content: bytes, content_type: str = "application/octet-stream") -> HttpResponse:
    """The file as a download that nothing here opens, runs or embeds."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)

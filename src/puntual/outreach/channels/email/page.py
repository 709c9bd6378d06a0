"""The words of a message as the HTML page that a mail program shows."""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

PARAGRAPHS: Final = re.compile(r"\n\s*\n")
"""What stands between two paragraphs."""
# Mail programs show the first words of a message beside its subject, where others may read them. To a natural person they
# name no debt: a neutral sentence comes first, hidden, and enough invisible space that nothing else fits beside it.
_PREVIEW = '<div style="display:none;max-height:0;overflow:hidden">{}{}</div>'
_FILLER = SafeString("&#847;&zwnj;&nbsp;" * 100)
_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="margin:0;padding:24px;overflow-wrap:anywhere;background:#ffffff;color:#1b1c22;'
    'font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif">{preview}'
    '<div style="max-width:600px">{body}</div></body></html>'
)


def page(language: str, subject: str, body: SafeString, hidden: str) -> str:
    """The whole page; `hidden` is what a list of messages shows beside the subject in place of the first words, or empty."""
    preview = format_html(_PREVIEW, hidden, _FILLER) if hidden else ""
    return format_html(_PAGE, language=language, subject=subject, preview=preview, body=body)


def paragraphs(body: str, text: Mapping[str, str], special: Mapping[str, SafeString]) -> SafeString:
    """Paragraphs; one that is a variable alone takes that variable's own form where it has one."""
    return format_html_join("", "{}", ((_paragraph(part, text, special),) for part in PARAGRAPHS.split(body.strip())))


def _paragraph(part: str, text: Mapping[str, str], special: Mapping[str, SafeString]) -> SafeString:
    name = part.strip()[1:-1]
    if special and part.strip() == f"{{{name}}}" and name in special:
        return special[name]
    words = part.strip().format(**text) if text else part.strip()
    lines = format_html_join(SafeString("<br>"), "{}", ((line,) for line in words.splitlines()))
    return format_html('<p style="margin:0 0 14px">{}</p>', lines)

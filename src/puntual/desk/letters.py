"""A message's own HTML, taken apart and put together again from a few harmless pieces, so that it can stand in a page of ours."""

from html import escape
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

_BLOCKS = frozenset({"p", "table", "tr", "td"})
_SILENT = frozenset({"head", "title", "style", "script"})


class _Reader(HTMLParser):
    """Keeps text, paragraphs, line breaks and tables; their looks are the page's, and what is hidden stays away."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        style = (given.get("style") or "").replace(" ", "")
        if self._hidden or tag in _SILENT or (tag == "div" and "display:none" in style):
            if tag not in ("br", "meta"):
                self._hidden.append(tag)
        elif tag == "br":
            self.pieces.append("<br>")
        elif tag == "table":
            self.pieces.append('<table class="table compact">')
        elif tag == "td":
            spans = given.get("colspan") or ""
            colspan = f' colspan="{spans}"' if spans.isdecimal() else ""
            self.pieces.append(f'<td class="n"{colspan}>' if "text-align:right" in style else f"<td{colspan}>")
        elif tag in _BLOCKS:
            self.pieces.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
        elif tag in _BLOCKS:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(escape(data))


def body(html: str) -> SafeString:
    """The words and tables of a message, without anything that could run, load, link or look otherwise than the page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return mark_safe("".join(reader.pieces))  # noqa: S308 - made of the constants above and of escaped text

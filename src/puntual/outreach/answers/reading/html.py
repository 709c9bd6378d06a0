"""The text of an HTML message, for people who wrote only that. Nothing of it is run or loaded: it is read as words."""

from contextlib import suppress
from html.parser import HTMLParser
from typing import Final

_MOST: Final = 400_000
_SILENT: Final = frozenset({"script", "style", "head", "title", "noscript", "template", "svg", "object", "iframe"})
_LINES: Final = frozenset(
    {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"}
)
_QUOTES: Final = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divrplyfwdmsg", "appendonsend", "gmail_attr")


class _Reader(HTMLParser):
    """Collects words; what mail programs mark as quoted gets the sign quotes have in plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._silent: list[str] = []
        self._quotes = 0
        self._cut = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id")).lower()
        if any(mark in marks for mark in _QUOTES):
            self._break()
            self._cut = True  # what mail programs put there goes on to the end
        if tag == "blockquote":
            self._break()
            self._quotes += 1
        if tag == "br" or tag in _LINES:
            self._break()
        if tag in ("p", "table"):
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        if tag in _LINES or tag == "blockquote":
            self._break()
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            words = " ".join(data.split())
            if words:
                gap = " " if data[0].isspace() and self.lines[-1] else ""
                self.lines[-1] += gap + words + (" " if data[-1].isspace() else "")

    def _break(self) -> None:
        self._sign()
        self.lines.append("")

    def _sign(self) -> None:
        line = " ".join(self.lines[-1].split())
        self.lines[-1] = f"> {line}" if line and (self._quotes or self._cut) else line

    def text(self) -> str:
        self._sign()
        found: list[str] = []
        for line in self.lines:
            if line or (found and found[-1]):
                found.append(line)
        return "\n".join(found).strip()


def words_of(html: str) -> str:
    """The words of an HTML text, a line for each of its blocks, quotes with "> " before them."""
    reader = _Reader()
    with suppress(AssertionError, ValueError):  # markup so broken that the reader gives up: what it has read counts
        reader.feed(html[:_MOST])
        reader.close()
    return reader.text()

"""The text of an HTML message, for people who wrote only that. Nothing of it is run or loaded: it is read as words.

Python's own HTML parser takes quadratic time over markup made for that, and a mailbox is open to everybody; this reads once
through, and needs to know only which tags break lines, keep silent or quote.
"""

import re
from html import unescape
from typing import Final

_MOST: Final = 1_000_000
_SILENT: Final = frozenset({"script", "style", "head", "title", "noscript", "template", "svg", "object", "iframe"})
_LINES: Final = frozenset(
    {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre", "br"}
)
_PARAGRAPHS: Final = frozenset({"p", "table"})
_QUOTES: Final = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divrplyfwdmsg", "appendonsend", "gmail_attr")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})(?=[\s/>])([^<>]{0,4000})>")
_DECLARATION = re.compile(r"<[!?/][^<>]{0,4000}>")


class _Words:
    """Collects words; what mail programs mark as quoted gets the sign that quotes have in plain text."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._cut = False

    def say(self, text: str) -> None:
        if text:
            self._line.append(unescape(text))

    def tag(self, name: str, marks: str, *, closing: bool) -> None:
        if not closing and any(mark in marks for mark in _QUOTES):
            self._end()
            self._cut = True  # what mail programs put there goes on to the end
        if name == "blockquote":
            self._end()
            self._quotes = max(0, self._quotes - 1) if closing else self._quotes + 1
        if name in _LINES:
            self._end()
        if name in _PARAGRAPHS and not closing:
            self.lines.append("")

    def text(self) -> str:
        self._end()
        found: list[str] = []
        for line in self.lines:
            if line or (found and found[-1]):
                found.append(line)
        return "\n".join(found).strip()

    def _end(self) -> None:
        line = " ".join("".join(self._line).split())
        self._line = []
        if line:
            self.lines.append(f"> {line}" if self._quotes or self._cut else line)


def words_of(html: str) -> str:
    """The words of an HTML text, a line for each of its blocks, quotes with "> " before them."""
    html = html[:_MOST]
    lower = html.lower()
    words = _Words()
    at = 0
    while (begins := html.find("<", at)) >= 0:
        words.say(html[at:begins])
        if html.startswith("<!--", begins):
            ends = html.find("-->", begins + 4)
            at = ends + 3 if ends >= 0 else len(html)
        elif tag := _TAG.match(html, begins):
            name, closing = tag[2].lower(), bool(tag[1])
            at = tag.end()
            if name in _SILENT and not closing:
                ends = lower.find(f"</{name}", at)
                at = ends if ends >= 0 else len(html)
            words.tag(name, tag[3].lower(), closing=closing)
        elif declared := _DECLARATION.match(html, begins):
            at = declared.end()
        else:
            words.say("<")
            at = begins + 1
    words.say(html[at:])
    return words.text()

"""A walk over the pages from link to link, as a person of one role sees them."""

from collections import Counter, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit
from uuid import UUID

from django.http import Http404
from django.test import Client
from django.urls import resolve

SPOKEN = ("title", "aria-label", "placeholder", "alt", "aria-description")
SILENT = frozenset({"script", "style", "template", "code", "kbd", "pre", "iframe"})
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
"""Elements without an end tag."""


@dataclass
class Page:
    """One answer: its address, what its address is called, and what was in it."""

    path: str
    name: str
    status: int
    html: str = ""
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Gathers what a person reads or hears, where links lead and where forms go.

    What stands in an element that says its own language (`lang`, `translate="no"`) or holds what somebody else wrote
    (`data-theirs`) is not the page's own text.
    """

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.open, self.theirs, self.form = page, [], [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hidden = tag in SILENT or given.get("translate") == "no" or (tag != "html" and "lang" in given)
        if tag not in EMPTY:
            self.open.append(tag)
            if hidden:
                self.theirs.append(len(self.open))
        if not self.theirs:
            self.page.texts += [given[name] for name in SPOKEN if given.get(name)]
            if tag == "input" and given.get("type") in ("submit", "button"):
                self.page.texts.append(given.get("value", ""))
        if tag == "a" and given.get("href"):
            self.page.links.append(given["href"])
        self._offer(tag, given)

    def _offer(self, tag: str, given: dict[str, str]) -> None:
        """A form is offered by a button that can be pressed."""
        if tag == "form":
            self.form = given.get("action") or self.page.path if given.get("method", "").lower() == "post" else ""
        elif tag == "fieldset" and "disabled" in given:
            self.form = ""
        elif tag == "button" and "disabled" not in given and given.get("type", "submit") == "submit":
            self.page.posts += [target for target in (given.get("formaction") or self.form,) if target]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ""
        if tag not in self.open:
            return
        while self.open.pop() != tag:
            pass
        while self.theirs and self.theirs[-1] > len(self.open):
            self.theirs.pop()

    def handle_data(self, data: str) -> None:
        if not self.theirs and data.strip():
            self.page.texts.append(" ".join(data.split()))


def name_of(path: str) -> str:
    """What the address is called, or nothing where none leads there."""
    return kind_of(path)[0]


def kind_of(path: str) -> tuple[str, ...]:
    """What makes two addresses two pages: their name and the words in it, not the ids; and the names in the query."""
    target = urlsplit(path)
    try:
        found = resolve(target.path)
    except Http404:
        return ("",)
    words = [str(value) for name, value in found.kwargs.items() if name != "slug" and not isinstance(value, UUID | int)]
    if len(words) > 1:  # a text's address names its template, its channel, its readers and its language: one page
        words = []
    return (found.url_name or "", *words, *sorted(name for name, _value in parse_qsl(target.query)))


def read(client: Client, path: str) -> Page:
    """Fetch one page and read it; files are not read."""
    answer = client.get(path)
    page = Page(path, name_of(path), answer.status_code)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        page.html = answer.content.decode()
        _Reader(page).feed(page.html)
    elif answer.streaming:
        answer.getvalue()  # read to its end it closes its file
    return page


def walk(client: Client, start: str, *, each: int = 1, most: int = 1000, skip: Collection[str] = ()) -> Iterator[Page]:
    """Every page that links lead to from `start`, inside the same organization; of each kind at most `each`, and none whose
    name is in `skip`."""
    inside = "/".join(start.split("/")[:3]) + "/"
    waiting, seen, of_kind = deque([start]), {start}, Counter()
    while waiting and most:
        most -= 1
        page = read(client, waiting.popleft())
        yield page
        for link in page.links:
            target = urlsplit(urljoin(page.path, link))
            path = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc or not target.path.startswith(inside) or path in seen:
                continue
            seen.add(path)
            kind = kind_of(path)
            of_kind[kind] += 1
            if of_kind[kind] <= each and kind[0] not in skip:
                waiting.append(path)

"""The guide: short parts in Markdown, the same files on the web and inside the product, where they need no network."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PACKED = Path(__file__).parent / "guide_files"
FILES = _PACKED if _PACKED.is_dir() else Path(__file__).resolve().parents[3] / "docs/guide"
"""In an installed Puntual they lie beside this module; in the sources they are docs/guide."""

PARTS = (
    "setup",
    "import",
    "today",
    "calls",
    "team",
    "customers",
    "payments",
    "agreements",
    "disputes",
    "manual",
    "reports",
    "settings",
)
LANGUAGES = ("es", "en")
OTHERWISE = "es"

_WHERE = {
    "": "today",
    "activities": "today",
    "alerts": "today#alerts",
    "answers": "today#answers",
    "contacts": "today",
    "inbox": "team#inbox",
    "letters": "today#letters",
    "team": "team",
    "search": "customers#search",
    "queue": "calls",
    "customers": "customers",
    "portfolio": "reports#beginning",
    "payments": "payments",
    "imports": "import",
    "agreements": "agreements",
    "manual": "manual",
    "reports": "reports",
    "settings": "settings",
    "mailbox": "setup#rehearsal",
}
_DEEPER = {
    ("activities", "proofs"): "today#letters",
    ("activities", "unclear"): "today#unclear",
    ("agreements", "agencies"): "team#ending",
    ("agreements", "approvals"): "agreements#plans",
    ("agreements", "disputes"): "disputes",
    ("agreements", "placements"): "team#ending",
    ("agreements", "plans"): "agreements#plans",
    ("agreements", "practice"): "agreements#practice",
    ("agreements", "promises"): "agreements#promises",
    ("agreements", "write-offs"): "team#ending",
    ("customers", "credit"): "settings#credit",
    ("customers", "files"): "customers#files",
    ("customers", "people"): "customers#people",
    ("manual", "conduct"): "manual#conduct",
    ("manual", "experiments"): "manual#experiments",
    ("manual", "negotiation"): "manual#words",
    ("manual", "preview"): "manual#trying",
    ("manual", "replays"): "manual#trying",
    ("manual", "segments"): "manual#segments",
    ("manual", "texts"): "manual#texts",
    ("manual", "versions"): "manual#changing",
    ("payments", "claims"): "payments#claims",
    ("portfolio", "deductions"): "payments#instruments",
    ("portfolio", "early"): "customers",
    ("portfolio", "exports"): "payments#books",
    ("portfolio", "instruments"): "payments#instruments",
    ("portfolio", "interest"): "customers",
    ("portfolio", "invoices"): "customers",
    ("portfolio", "payments"): "payments",
    ("reports", "conduct"): "manual#conduct",
    ("reports", "disputes"): "disputes#learning",
    ("reports", "rates"): "reports#rates",
    ("reports", "subscriptions"): "reports#taking",
    ("settings", "calendar"): "settings#calendar",
    ("settings", "channels"): "settings#channels",
    ("settings", "credit"): "settings#credit",
    ("settings", "creditors"): "settings#creditors",
    ("settings", "history"): "settings#history",
    ("settings", "identity"): "settings#creditors",
    ("settings", "live"): "setup#live",
    ("settings", "members"): "settings#people",
    ("settings", "profile"): "settings#people",
    ("settings", "retention"): "settings#retention",
    ("settings", "setup"): "setup",
    ("settings", "shortcuts"): "calls#keyboard",
    ("settings", "statements"): "settings#statements",
    ("team", "absences"): "team#absences",
    ("team", "day"): "team#day",
    ("team", "portfolios"): "team#portfolios",
    ("team", "targets"): "team#targets",
}
_CHAPTERS = {
    "agreements": ("promises", "plans", "broken", "practice"),
    "calls": ("call", "result", "keyboard"),
    "customers": ("next", "history", "files", "pausing", "people", "search"),
    "disputes": ("opening", "settling", "learning"),
    "manual": ("changing", "trying", "texts", "words", "segments", "conduct", "experiments"),
    "payments": ("statement", "unknown", "account", "claims", "instruments", "mistakes", "books"),
    "reports": ("reading", "taking", "beginning", "rates"),
    "settings": ("creditors", "channels", "calendar", "people", "credit", "statements", "retention", "history"),
    "setup": ("needed", "rehearsal", "live"),
    "team": ("day", "portfolios", "absences", "inbox", "targets", "ending"),
    "today": ("approving", "again", "answers", "alerts", "letters", "unclear", "team"),
}
"""What the chapters of a part are called in its address, in their order."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part in one language: its title, and the rest as safe HTML."""

    name: str
    title: str
    html: SafeString


def part_of(path: str) -> str:
    """Which part explains the page at an address `/o/<slug>/…`, with its chapter behind a # where one does; today's where none
    is nearer. A page of the guide explains itself.
    """
    words = path.split("/")[3:]
    first, second = [*words, "", ""][:2]
    if first == "guide":
        return second if second in PARTS else PARTS[0]
    return _DEEPER.get((first, second)) or _WHERE.get(first, "today")


def language_of(language: str) -> str:
    """The language of the guide for a reader of `language`."""
    return language if language in LANGUAGES else OTHERWISE


def pictures() -> frozenset[str]:
    """The names of the pictures there are."""
    return frozenset(path.name for path in (FILES / "images").glob("*.jpg"))


@cache
def read(name: str, language: str) -> Part:
    """A part in a language of LANGUAGES. Raises FileNotFoundError for a name that is none of PARTS."""
    if name not in PARTS:
        raise FileNotFoundError(name)
    # HTML in the files is shown as text: what is safe to show is what Markdown makes.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    heading, _, rest = (FILES / language / f"{name}.md").read_text().partition("\n")
    tokens = markdown.parse(rest)
    begun = (token for token in tokens if token.type == "heading_open" and token.tag == "h2")
    for chapter, token in zip(_CHAPTERS.get(name, ()), begun, strict=False):
        token.attrs["id"] = chapter
    for token in tokens:
        for child in token.children or ():
            _lead(child)
    html = mark_safe(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S308
    return Part(name, heading.removeprefix("# ").strip(), html)


def _lead(token: Token) -> None:
    """Links between the files become links between the pages, and pictures wait until they are in sight."""
    if token.type == "link_open":
        target = str(token.attrs.get("href", ""))
        token.attrs["href"] = target.removesuffix(".md")
    elif token.type == "image":
        token.attrs["src"] = str(token.attrs["src"]).replace("../images/", "pictures/")
        token.attrs["loading"] = "lazy"


@cache
def contents(language: str) -> tuple[tuple[str, str], ...]:
    """The parts in their order, each with its title."""
    return tuple((name, read(name, language).title) for name in PARTS)

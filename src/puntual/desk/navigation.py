"""The desk's map: the rail's entries in their order. An entry shows up the day its page exists."""

from dataclasses import dataclass

from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the rail: its page's name, the keys that lead there, and how the addresses that belong to it begin."""

    page: str
    label: str | Promise
    icon: str
    keys: str
    sections: frozenset[str]


MAP = (
    Entry("today", _("Today"), "home", "g t", frozenset({"", "activities", "answers", "contacts", "letters", "start"})),
    Entry("queue", _("Queue"), "phone", "g c", frozenset({"queue"})),
    Entry("inbox", _("Inbox"), "message", "g b", frozenset({"inbox"})),
    Entry("alerts", _("Alerts"), "bell", "g v", frozenset({"alerts"})),
    Entry("customers", _("Customers"), "building", "g k", frozenset({"customers"})),
    Entry("portfolio", _("Portfolio"), "file-invoice", "g p", frozenset({"portfolio", "imports", "payments"})),
    Entry("agreements", _("Agreements"), "calendar-check", "g a", frozenset({"agreements"})),
    Entry("manual", _("Manual"), "route", "g m", frozenset({"manual"})),
    Entry("reports", _("Reports"), "chart-line", "g i", frozenset({"reports"})),
    Entry("team", _("Team"), "users", "g e", frozenset({"team"})),
    Entry("settings", _("Settings"), "settings", "g s", frozenset({"settings", "mailbox"})),
)


class _Pages:
    """Which pages the desk has, for templates: {% if pages.mailbox %}."""

    def __getitem__(self, name: str) -> bool:
        return name in get_resolver().reverse_dict


pages = _Pages()


def entries() -> tuple[Entry, ...]:
    """The entries that lead somewhere."""
    return tuple(entry for entry in MAP if pages[entry.page])


def section(path: str) -> str:
    """The first word behind /o/<slug>/: where on the map an address lies."""
    parts = path.split("/")
    return parts[3] if len(parts) > 3 else ""

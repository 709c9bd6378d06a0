"""The approved texts as Meta keeps them (GET /{WABA-ID}/message_templates), and what its words for their states mean. Pure but
for the request.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from puntual.kernel.problems import N_, Problem
from puntual.kernel.web import Interrupted, NotSent, get
from puntual.outreach.channels.whatsapp.account import Account

STATES: Final = {
    "APPROVED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "rejected",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "FLAGGED": "approved",  # a warning: it still goes out
    "DISABLED": "disabled",
    "LIMIT_EXCEEDED": "disabled",
    "ARCHIVED": "missing",
    "PENDING_DELETION": "missing",
    "DELETED": "missing",
}
_FIELDS = "name,language,status,category,components,rejected_reason,parameter_format"
_PAGE = 100
_MOST_PAGES = 60  # a business has 6,000 texts at most


@dataclass(frozen=True, slots=True)
class Kept:
    """One text as Meta keeps it. `state` is one of `ApprovedText.State`."""

    name: str
    language: str
    state: str
    category: str = ""
    header: str = ""
    header_kind: str = ""
    body: str = ""
    footer: str = ""
    buttons: tuple[dict[str, str], ...] = field(default_factory=tuple)
    said: str = ""


def state_of(said: str) -> str:
    """What a word of Meta's for a text's state comes to; one that is not known yet is no approval."""
    return STATES.get(said.upper(), "pending")


def kept_texts(account: Account) -> list[Kept]:
    """Every text of the account's business, page after page.

    Raises Problem where no business is named, Meta cannot be reached, or refuses.
    """
    if not account.business:
        raise Problem(N_("PUNTUAL_WHATSAPP_URL names no business (business=…), so its texts cannot be read."))
    found: list[Kept] = []
    after = ""
    for _page in range(_MOST_PAGES):
        told = _page_of(account, after)
        rows = told.get("data")
        found += [one for row in (rows if isinstance(rows, list) else []) if (one := _kept(row))]
        paging = told.get("paging")
        more = paging if isinstance(paging, dict) and paging.get("next") else {}
        cursors = more.get("cursors")
        following = str(cursors.get("after") or "") if isinstance(cursors, dict) else ""
        if not rows or not following or following == after:
            break
        after = following
    return found


def _page_of(account: Account, after: str) -> dict[str, Any]:
    query = {"fields": _FIELDS, "limit": str(_PAGE), **({"after": after} if after else {})}
    headers = {"Authorization": f"Bearer {account.token}", "Accept": "application/json"}
    try:
        answer = get(f"{account.address}/{account.business}/message_templates?{urlencode(query)}", headers)
    except (NotSent, Interrupted) as error:
        raise Problem(N_("Meta cannot be reached: {said}. Try again in a while."), said=str(error)) from error
    told = answer.said()
    if answer.status >= 400:
        error_said = told.get("error")
        said = error_said.get("message") if isinstance(error_said, dict) else ""
        raise Problem(
            N_(
                "Meta did not give the texts. It said: {said}. Check the token and the business in PUNTUAL_WHATSAPP_URL."
            ),
            said=said or answer.status,
        )
    return told


def _kept(row: Any) -> Kept | None:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not isinstance(row.get("language"), str):
        return None
    raw = row.get("components")
    pieces = {
        str(one.get("type")).upper(): one for one in (raw if isinstance(raw, list) else []) if isinstance(one, dict)
    }
    header = pieces.get("HEADER", {})
    reason = str(row.get("rejected_reason") or "")
    buttons = pieces.get("BUTTONS", {}).get("buttons")
    return Kept(
        name=row["name"][:512],
        language=row["language"][:20],
        state=state_of(str(row.get("status") or "")),
        category=str(row.get("category") or "")[:30],
        header=str(header.get("text") or ""),
        header_kind=str(header.get("format") or "TEXT")[:20] if header else "",
        body=str(pieces.get("BODY", {}).get("text") or ""),
        footer=str(pieces.get("FOOTER", {}).get("text") or ""),
        buttons=tuple(
            {"kind": str(one.get("type") or ""), "text": str(one.get("text") or ""), "url": str(one.get("url") or "")}
            for one in (buttons if isinstance(buttons, list) else [])
            if isinstance(one, dict)
        ),
        said="" if reason == "NONE" else reason[:500],
    )

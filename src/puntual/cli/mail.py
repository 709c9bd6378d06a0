"""`puntual import mail`: raw messages, bounces and answers. Without an organization they are only read."""

import mailbox
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from puntual.cli.output import count, show_json
from puntual.cli.running import FAILED, Done, say
from puntual.cli.starting import now, start, the_actor, the_organization
from puntual.cli.words import gettext as _
from puntual.kernel.problems import N_

if TYPE_CHECKING:
    from puntual.audit.actions import Actor

_KINDS: Final = {
    "bounce": N_("came back"),
    "complaint": N_("a complaint"),
    "auto_reply": N_("an automatic reply"),
    "reply": N_("an answer"),
    "other": N_("something else"),
}
_HARD: Final = {True: N_("for good"), False: N_("for now"), None: N_("for another reason than the address")}


def import_mail(files: Iterable[Path], slug: str | None, *, as_json: bool) -> None:
    """Read the messages, and land them in the organization of that short name. Raises Done where a file holds no message."""
    by = None
    if slug is not None:
        start()
        by = the_actor(the_organization(slug))
    told: list[dict[str, Any]] = []
    empty = False
    for file in files:
        before = len(told)
        told += [_taken(by, str(file), raw) for raw in _messages(file)]
        if len(told) == before:
            empty = True
            say(_("{path}: there is no message in it.").format(path=file))
    if as_json:
        show_json({"files": told})
    else:
        _show(told)
    if empty:
        raise Done(FAILED)


def _messages(file: Path) -> Iterator[bytes]:
    """The messages of a file: one, or the many of a mailbox (RFC 4155)."""
    with file.open("rb") as opened:
        beginning = opened.read(5)
    if beginning == b"From ":
        box = mailbox.mbox(file, create=False)
        try:
            yield from (box.get_bytes(key) for key in box.iterkeys())
        finally:
            box.close()
    elif raw := file.read_bytes().lstrip(b"\xef\xbb\xbf\r\n"):
        yield raw


def _taken(by: "Actor | None", file: str, raw: bytes) -> dict[str, Any]:
    """What a message is; with somebody who acts it lands too."""
    if by is None:
        from puntual.outreach.answers.reading import read_mail

        mail = read_mail(raw, now().date())
        return _told(file, mail.kind, mail.hard, mail.addresses, mail.until, mail.limits)
    from puntual.outreach.answers.actions import land

    answer, new = land(by, raw)
    told = _told(file, answer.kind, answer.hard, answer.addresses, answer.until, answer.limits)
    customer = str(answer.customer_id) if answer.customer_id else None
    return told | {"new": new, "state": answer.state, "customer_id": customer, "answer_id": str(answer.pk)}


def _told(
    file: str, kind: str, hard: bool | None, addresses: Iterable[str], until: date | None, limits: Iterable[str]
) -> dict[str, Any]:
    return {
        "file": file,
        "kind": str(kind),
        "hard": hard,
        "addresses": list(addresses),
        "until": until.isoformat() if until else None,
        "limits": list(limits),
    }


def _show(told: list[dict[str, Any]]) -> None:
    for one in told:
        what = _(_KINDS[one["kind"]])
        if one["kind"] == "bounce":
            what = f"{what} {_(_HARD[one['hard']])}"
        parts = (one["file"], what, ", ".join(one["addresses"]))
        click.echo("  ".join(part for part in parts if part))
    if told and "new" in told[0]:
        new = sum(one["new"] for one in told)
        waiting = sum(one["state"] == "unread" for one in told if one["new"])
        click.echo(
            _("{new} new, {known} known already, {waiting} to be read by a person.").format(
                new=count(new), known=count(len(told) - new), waiting=count(waiting)
            )
        )

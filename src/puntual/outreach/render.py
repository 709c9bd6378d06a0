"""An activity in words: what the customer reads, or what the caller may say, from today's balance."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from string import Formatter

from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from puntual.kernel.problems import N_
from puntual.outreach.channels import ApprovedText
from puntual.outreach.channels.email.page import PARAGRAPHS, page, paragraphs
from puntual.outreach.models import Activity
from puntual.outreach.variables import Letter
from puntual.outreach.variables import values as filled
from puntual.strategies.own_texts import text_for
from puntual.strategies.texts import Text, without_gaps

CHANGED = N_("The balance changed after this was edited, so the text was made anew.")
SET_APART = frozenset({"invoice_list", "payment_details", "signature", "opt_out"})


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one activity in the customer's language. A call has no subject.

    `blocks` are its paragraphs, for a page that sets them itself: (name, words), where one that is a variable of `SET_APART`
    alone has its name. `spans` is the text again in pieces, each with whether a variable filled it: who reads it aloud sees at
    once what may be wrong. `note` (an English sentence for the catalogs) says why it is not what a person wrote, or is empty.
    """

    language: str
    subject: str
    text: str
    html: str
    spans: tuple[tuple[str, bool], ...]
    note: str = ""
    blocks: tuple[tuple[str, str], ...] = ()
    signed_by: str = ""
    approved: ApprovedText | None = None  # what leaves in place of the words, where only approved ones may


def render(activity: Activity, letter: Letter) -> Wording:
    """The words of an activity now.

    A person's edit stands as long as the amounts asked for are those the person saw; otherwise the text is made anew, with a
    note. Raises Problem where the step has no text for its channel.
    """
    if activity.edited and _same(activity.demand, letter.asked.amounts):
        return _edited(activity, letter)
    wording = compose(_words(activity, letter), letter, activity.channel)
    return replace(wording, note=CHANGED) if activity.edited else wording


def compose(source: Text, letter: Letter, channel: str) -> Wording:
    """A text filled in for a letter, as it stands in a channel."""
    with override(letter.language):
        values, special = filled(letter, channel)
        subject = (source.subject_private if letter.consumer else source.subject).format(**values)
        said = without_gaps(source.body, values)
        spans = _spans(said, values)
        body = "".join(piece for piece, _ in spans).strip() + "\n"
        return replace(
            _worded(letter, subject, body, paragraphs(said, values, special), spans), blocks=_blocks(said, values)
        )


def _edited(activity: Activity, letter: Letter) -> Wording:
    with override(letter.language):
        body = activity.body
        blocks = tuple(("", part.strip()) for part in PARAGRAPHS.split(body.strip()))
        return replace(
            _worded(letter, activity.subject, body, paragraphs(body, {}, {}), ((body, False),)), blocks=blocks
        )


def _worded(letter: Letter, subject: str, body: str, html: SafeString, spans: tuple[tuple[str, bool], ...]) -> Wording:
    """With its subject in one line, and the page that a mail program shows."""
    hidden = ""
    if letter.consumer:
        hidden = gettext("A message from {creditor}").format(creditor=letter.customer.creditor.name)
    subject = " ".join(subject.split())[:300]
    signed_by = letter.signs.line if letter.signs else letter.customer.creditor.name
    shown = page(letter.language, subject, html, hidden)
    return Wording(letter.language, subject, body, shown, spans, signed_by=signed_by)


def _words(activity: Activity, letter: Letter) -> Text:
    customer = letter.customer
    return text_for(
        customer.organization_id,
        customer.creditor_id,
        activity.template,
        letter.language,
        activity.channel,
        consumer=letter.consumer,
    ).text


def _same(demand: Mapping[str, str], amounts: Mapping[str, Decimal]) -> bool:
    return {currency: Decimal(amount) for currency, amount in demand.items()} == dict(amounts)


def _spans(body: str, text: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    for literal, name, _spec, _conversion in Formatter().parse(body):
        if literal:
            pieces.append((literal, False))
        if name is not None and text[name]:
            pieces.append((text[name], True))
    return tuple(pieces)


def _blocks(body: str, text: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = []
    for part in PARAGRAPHS.split(body.strip()):
        words, name = part.strip().format(**text), part.strip()[1:-1]
        found.append((name if part.strip() == f"{{{name}}}" and name in SET_APART else "", words))
    return tuple(found)

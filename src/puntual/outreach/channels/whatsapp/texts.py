"""What a person does with the texts Meta approved: read them anew, and say which of ours each stands for. Callers import these
from `actions`.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from django.conf import settings

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels.whatsapp.account import account
from puntual.outreach.channels.whatsapp.catalog import Kept, kept_texts, state_of
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.parties.models import Creditor
from puntual.strategies.own_texts import countries_of
from puntual.strategies.proofreading import Fault, asked_by, proofread
from puntual.strategies.queries import occasions_of
from puntual.strategies.texts import AUDIENCES, NAME, Place, Text, base_language
from puntual.strategies.variables import VARIABLES

PLACE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A place that an approved text leaves open: {{1}}, or {{total}} in one whose places have names."""
_STOP: Final = re.compile(r"\b(?:baja|stop|sair|parar|unsubscribe|cancelar)\b", re.IGNORECASE)
_FITS_HERE: Final = frozenset({"list_in_line", "no_opt_out", "no_creditor"})
"""Faults that an approved text is judged for in a way of its own: its variables take one line, its fixed words are known."""


def refresh_texts(by: Actor) -> int:
    """Read from Meta which texts there are and how each stands; returns how many. Raises Problem where that is not possible."""
    if not settings.WHATSAPP_URL:
        raise Problem(N_("WhatsApp is not set up: nobody named PUNTUAL_WHATSAPP_URL."))
    found = kept_texts(account(settings.WHATSAPP_URL))
    with action(by, "whatsapp.refresh_texts", texts=len(found)) as log:
        known = ApprovedText.objects.select_for_update(no_key=True).filter(organization_id=by.organization_id)
        by_key = {(one.name, one.language): one for one in known.order_by("id")}
        told = [_kept(by, kept, by_key.pop((kept.name, kept.language), None)) for kept in found]
        gone = [one for one in by_key.values() if one.state != ApprovedText.State.MISSING]
        for one in gone:
            one.state, one.checked_at = ApprovedText.State.MISSING, by.now
            one.save(update_fields=["state", "checked_at"])
        log.say(
            changed=[news for news in told if news],
            missing=[f"{one.name} ({one.language})" for one in gone],
            unmapped=_let_go(by),
        )
    return len(found)


def _let_go(by: Actor) -> list[str]:
    """Take away the mappings that fit no longer: a text was rewritten at Meta. Returns what they stood for."""
    gone = []
    mappings = Mapping.objects.select_related("text").filter(organization_id=by.organization_id)
    for mapping in mappings.exclude(text__state=ApprovedText.State.MISSING):
        place = Place(mapping.template, "whatsapp", "consumer" if mapping.audience == "consumer" else "company")
        try:
            check_fit(by, mapping.text, place, mapping.language, mapping.variables)
        except Problem as problem:
            gone.append(f"{mapping.template} ({mapping.audience}, {mapping.language}): {problem}")
            mapping.delete()
    return gone


def _kept(by: Actor, kept: Kept, row: ApprovedText | None) -> str:
    """Write down how a text stands; returns its name and state where that is news."""
    before = row.state if row else ""
    row = row or ApprovedText(organization_id=by.organization_id, name=kept.name, language=kept.language)
    row.state, row.category, row.said, row.checked_at = kept.state, kept.category, kept.said, by.now
    row.header, row.header_kind, row.body, row.footer = kept.header, kept.header_kind, kept.body, kept.footer
    row.buttons = list(kept.buttons)
    row.save()
    return "" if before == kept.state else f"{kept.name} ({kept.language}): {kept.state}"


def note_text_state(by: Actor, name: str, language: str, event: str, said: str) -> str:
    """Keep what Meta says of a text by itself: "changed", "known" where it stood so already, "unknown" for one never read."""
    state = state_of(event)
    with action(by, "whatsapp.text_state", name=name, language=language, state=state) as log:
        found = ApprovedText.objects.select_for_update(no_key=True).filter(
            organization_id=by.organization_id, name=name, language=language
        )
        row = found.first()
        if row is None:
            return "unknown"
        log.about(row)
        if (row.state, row.said) == (state, said):
            return "known"
        row.state, row.said, row.checked_at = state, said, by.now
        row.save(update_fields=["state", "said", "checked_at"])
    return "changed"


def map_text(
    by: Actor, text: ApprovedText, *, template: str, audience: str, language: str, variables: Sequence[str]
) -> Mapping:
    """Say that an approved text stands for what `template` says to an audience in a language; it takes the place of another one.

    `variables` are ours, in the order of the places the text leaves open. Raises Problem for a text that must not go out so: debt
    detail in its header or first line, a threat, no way to opt out, places that cannot be filled; and ApprovedText.DoesNotExist.
    """
    if audience not in AUDIENCES or not NAME.fullmatch(template):
        raise Problem(N_("Choose one of your texts, and for whom it is."))
    with action(by, "whatsapp.map_text", template=template, audience=audience, language=language) as log:
        found = ApprovedText.objects.get(organization_id=by.organization_id, pk=text.pk)
        place = Place(template, "whatsapp", "consumer" if audience == "consumer" else "company")
        check_fit(by, found, place, language, variables)
        mapping, _new = Mapping.objects.update_or_create(
            organization_id=by.organization_id,
            template=template,
            audience=audience,
            language=base_language(language),
            defaults={"text": found, "variables": list(variables), "mapped_at": by.now},
        )
        log.about(mapping)
        log.say(text=found.name, text_language=found.language, variables=list(variables))
    return mapping


def unmap_text(by: Actor, mapping: Mapping) -> None:
    """The approved text stands for ours no longer. Raises Mapping.DoesNotExist."""
    with action(by, "whatsapp.unmap_text", about=mapping) as log:
        found = Mapping.objects.select_related("text").get(organization_id=by.organization_id, pk=mapping.pk)
        log.say(template=found.template, audience=found.audience, language=found.language, text=found.text.name)
        found.delete()


def check_fit(by: Actor, text: ApprovedText, place: Place, language: str, variables: Sequence[str]) -> None:
    """Raise Problem where an approved text cannot be filled with these variables, or must not go out: it is judged like our own
    words. Inside `acting_for`.
    """
    _check_fillable(text, variables, occasions_of(by.organization_id, place.template))
    persons = place.audience == "consumer"
    if text.header:  # it stands before the first line, and a locked phone shows it
        _refuse(proofread(_words(text.header), place, language, persons=persons), lambda fault: fault.line > 0)
    asked = asked_by(countries_of(by.organization_id), place) | {
        "opt_out"
    }  # Meta's policy wants it, whatever the law says
    found = proofread(_words(_named(text, variables)), place, language, persons=persons, asked=asked)
    _refuse(found, lambda fault: _counts(fault, by, text))


def _refuse(faults: Sequence[Fault], counts: Callable[[Fault], bool]) -> None:
    for fault in faults:
        if counts(fault):
            raise Problem(fault.what, **fault.details)


def _check_fillable(text: ApprovedText, variables: Sequence[str], occasions: Collection[str]) -> None:
    """Raise Problem where we have nothing to fill a place of an approved text with, on any of the occasions it is for."""
    if text.header_kind not in ("", "TEXT") or PLACE.search(text.header):
        raise Problem(N_("Its header has a picture, a file or a variable. Use one with a fixed header, or with none."))
    if any(PLACE.search(one.get("url", "")) for one in text.buttons):
        raise Problem(N_("One of its buttons leads to an address with a variable. Use one without."))
    places = places_of(text)
    if len(variables) != len(places):
        raise Problem(N_("It leaves {n} places open. Name as many variables, in their order."), n=len(places))
    for name in variables:
        variable = VARIABLES.get(name)
        if variable is None or "whatsapp" not in variable.channels:
            raise Problem(N_("“{name}” is not a variable of WhatsApp messages."), name=name)
        if not variable.always_filled(occasions) or name == "invoice_list":
            raise Problem(N_("“{name}” may be empty or of any length, and Meta takes neither."), name=name)


def _counts(fault: Fault, by: Actor, text: ApprovedText) -> bool:
    """Whether a fault of our own texts is one here: what is fixed in an approved text says itself what a variable would."""
    if fault.code not in _FITS_HERE:
        return True
    fixed = " ".join([text.body, text.footer, *(one.get("text", "") for one in text.buttons)])
    if fault.code == "no_opt_out":
        return not _STOP.search(fixed)
    if fault.code == "no_creditor":
        names = Creditor.objects.filter(organization_id=by.organization_id).values_list("name", flat=True)
        return not any(name.casefold() in f"{text.header} {fixed}".casefold() for name in names)
    return False


def places_of(text: ApprovedText) -> tuple[str, ...]:
    """The places an approved text leaves open, each once: by number, or by their own names in the order they appear."""
    found = tuple(dict.fromkeys(PLACE.findall(text.body)))
    return tuple(sorted(found, key=int)) if all(one.isdecimal() for one in found) else found


def _named(text: ApprovedText, variables: Sequence[str]) -> str:
    """An approved body with our variables in its places, as our own texts are written."""
    names = dict(zip(places_of(text), variables, strict=True))
    plain = PLACE.sub(lambda found: f"\x00{found[1]}\x01", text.body).replace("{", "(").replace("}", ")")
    return re.sub("\x00(\\w+)\x01", lambda found: "{" + names[found[1]] + "}", plain)


def _words(body: str) -> Text:
    return Text("", "", body.strip() + "\n")

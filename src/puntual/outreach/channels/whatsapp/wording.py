"""What leaves by WhatsApp at a moment: our own words while the window is open, else the approved text that stands for them."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import override

from puntual.kernel.problems import N_, Problem
from puntual.outreach import channels
from puntual.outreach.channels.whatsapp.approved import mapping_for
from puntual.outreach.channels.whatsapp.models import Mapping
from puntual.outreach.channels.whatsapp.texts import PLACE, places_of
from puntual.outreach.channels.whatsapp.window import window_open
from puntual.outreach.models import Activity
from puntual.outreach.render import Wording, render
from puntual.outreach.variables import Letter
from puntual.outreach.variables import values as filled
from puntual.strategies.lengths import WHATSAPP_MOST

ONLY_APPROVED = N_(
    "They have not written in the last 24 hours, so the text Meta approved goes out and not the edited one."
)


def worded(activity: Activity, letter: Letter, at: datetime) -> Wording | None:
    """The words of an activity by WhatsApp at `at`; None where only an approved text may leave and none stands for them.

    Raises Problem where an approved text gets too long, or ours is missing.
    """
    number = letter.recipient.value if letter.recipient else ""
    if window_open(activity.organization_id, number, at):
        return render(activity, letter)
    mapping = mapping_for(activity.organization_id, activity.template, letter.language, consumer=letter.consumer)
    if mapping is None:
        return None
    return replace(approved_wording(mapping, letter), note=ONLY_APPROVED if activity.edited else "")


def approved_wording(mapping: Mapping, letter: Letter) -> Wording:
    """An approved text filled in for a letter, as the customer reads it. A variable takes one line: Meta allows no more."""
    text = mapping.text
    with override(letter.language):
        values, _html = filled(letter, "whatsapp")
    places = places_of(text)
    parameters = tuple(_one_line(values[name]) for name in mapping.variables)
    named = dict(zip(places, parameters, strict=True))
    body = PLACE.sub(lambda found: named[found[1]], text.body)
    if len(body) > WHATSAPP_MOST:
        raise Problem(
            N_("Filled in, the message has {length} characters; WhatsApp takes {most}."),
            length=len(body),
            most=WHATSAPP_MOST,
        )
    words = "\n\n".join(part.strip() for part in (text.header, body, text.footer) if part.strip()) + "\n"
    names = () if all(place.isdecimal() for place in places) else places
    return Wording(
        language=letter.language,
        subject="",
        text=words,
        html="",
        spans=((words, False),),
        approved=channels.ApprovedText(text.name, text.language, parameters, names),
    )


def _one_line(value: str) -> str:
    """No line break, no tab and no long gap: Meta refuses a parameter with them (error 132012)."""
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return "; ".join(line for line in lines if line)

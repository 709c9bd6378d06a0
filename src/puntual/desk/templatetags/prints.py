"""What the pages of print batches are written with."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.desk.forms.printing import service_name
from puntual.outreach.channels.letter.models import PrintedLetter
from puntual.outreach.channels.letter.services import OUTCOMES
from puntual.outreach.refusals import in_words
from puntual.outreach.results import said

register = template.Library()
register.filter("service", service_name)


@register.filter
def batch_state(state: str) -> str:
    """Por imprimir y enviar, for "ready"."""
    return {
        "making": pgettext("print batch", "being made"),
        "ready": pgettext("print batch", "to print and post"),
        "closed": pgettext("print batch", "nothing was posted"),
    }[state]


@register.filter
def letter_state(letter: PrintedLetter) -> str:
    """What became of a letter, with the reason where there is one."""
    if letter.state == PrintedLetter.State.FELL_OUT:
        reason = in_words(letter.refusal) if letter.refusal else letter.note or said(letter.reason)
        return _("Not printed: {reason}").format(reason=reason)
    if letter.state == PrintedLetter.State.RETURNED:
        return _("Came back: {reason}").format(reason=_(OUTCOMES[letter.reason]))
    return {
        "claimed": pgettext("letter", "Waits to be set"),
        "made": pgettext("letter", "Set"),
        "posted": pgettext("letter", "Posted"),
        "put_back": pgettext("letter", "Put back"),
    }[letter.state]


@register.filter
def posted_outcome(outcome: str) -> str:
    """Entregada, for "delivered"."""
    return _(OUTCOMES[outcome])

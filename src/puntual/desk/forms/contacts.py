"""What a person says about a contact: other words, a pause, a reason, a result."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from puntual.desk import words
from puntual.desk.fields import DayField, PauseEndField
from puntual.desk.forms.disputes import ObjectionFields
from puntual.desk.forms.promises import Promisable, WordFields
from puntual.desk.watched import Watched
from puntual.outreach.minutes import Agreed, Attendee, MeetingMinutes
from puntual.outreach.queue.turns import skips
from puntual.outreach.results import RESULTS, offered

LATER = "later"
"""Not a result: the call is put off."""


class EditForm(Watched):
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)  # an SMS has none
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 20}))


class PauseForm(forms.Form):
    until = PauseEndField(label=_("Until when, that day included"))
    why = forms.CharField(label=_("Why"), max_length=300)
    whole_customer = forms.BooleanField(label=_("The whole customer, not only these invoices"), required=False)


class DropForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class SkipForm(forms.Form):
    """Why a call, a visit or a meeting is passed over."""

    reason = forms.ChoiceField(label=_("Why"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = skips()  # type: ignore[attr-defined]


class ResultForm(WordFields, ObjectionFields):
    """What came of a call or a task. `pause_until` is for results that pause, `again` for those that name a moment to come back
    at and for what is put off; the minutes are a meeting's.
    """

    result = forms.ChoiceField(widget=forms.RadioSelect)
    pause_until = PauseEndField(required=False)
    again = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    point = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    note = forms.CharField(required=False, max_length=2000)
    attendees = forms.CharField(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.CharField(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))
    next_on = DayField(required=False)

    def __init__(
        self,
        channel: str,
        points: Sequence[tuple[str, str]] = (),
        *args: Any,
        theirs: Promisable | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        theirs = theirs or Promisable()
        self.offer(theirs.invoices)
        self.offer_promise(theirs)
        self.meeting = channel == "meeting"
        self.promising = frozenset(code for code, result in RESULTS.items() if result.opens == "promise")
        self.disputing = frozenset(code for code, result in RESULTS.items() if result.opens == "dispute")
        self.pausing = frozenset(code for code, result in RESULTS.items() if result.hold)
        self.coming_back = frozenset({LATER, *(code for code, result in RESULTS.items() if result.again)})
        choices = list(offered(channel).items())
        if channel != "internal":
            choices.append((LATER, str(_("Put off until…"))))
        self.fields["result"].choices = choices  # type: ignore[attr-defined]
        self.fields["point"].choices = list(points)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        coming_back = given.get("result") in self.coming_back
        if coming_back and not isinstance(given.get("again"), datetime) and "again" not in self.errors:
            self.add_error("again", _("Say when."))
        if not coming_back:
            given["again"] = None
        if given.get("result") not in self.pausing:
            given["pause_until"] = None
        if given.get("result") in self.promising:
            self.need_a_day()
        if self.meeting and given.get("result", "").startswith("reached") and not given.get("attendees", "").strip():
            self.add_error("attendees", _("Say who was there, one person on a line."))
        return given

    def minutes(self) -> MeetingMinutes | None:
        """The minutes of a meeting that was held; each line of its texts is one thing."""
        given = self.cleaned_data
        if not self.meeting or not given["result"].startswith("reached"):
            return None
        return minutes_from(given)


class MinutesForm(forms.Form):
    """A correction of a meeting's minutes, kept beside them."""

    attendees = forms.CharField(
        label=_("Who was there, and as what"),
        help_text=_("One person on a line: name, role."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    agreed = forms.CharField(
        label=_("What was agreed, and by whom"),
        help_text=_("One thing on a line: who: what."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_on = DayField(label=_("Next meeting"), required=False)
    note = forms.CharField(label=_("What else was said"), required=False, max_length=2000, widget=forms.Textarea)


class ArrangeForm(forms.Form):
    """A call, a visit or a meeting agreed with the customer."""

    channel = forms.ChoiceField(label=_("What"))
    at = forms.DateTimeField(
        label=_("When, by your clock"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("call", "visit", "meeting")
        self.fields["channel"].choices = [(name, gettext(words.CHANNELS[name])) for name in names]  # type: ignore[attr-defined]


def minutes_from(given: Mapping[str, Any]) -> MeetingMinutes:
    """Minutes as they are typed: "name, role" on each line, then "who: what"."""
    people = (line.partition(",") for line in given["attendees"].splitlines() if line.strip())
    agreed = (line.partition(":") if ":" in line else ("", "", line) for line in given["agreed"].splitlines())
    return MeetingMinutes(
        attendees=[Attendee(name.strip(), role.strip()) for name, _comma, role in people],
        agreed=[Agreed(what.strip(), who.strip()) for who, _colon, what in agreed if what.strip()],
        next_on=given["next_on"],
        text=given["note"],
    )

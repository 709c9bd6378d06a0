"""The form of a notice in a draft: what is said beside the steps, when, by which channels, with which text."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk import words
from puntual.desk.watched import Watched
from puntual.strategies import notice_wording, wording
from puntual.strategies.notices import CHANNELS, OCCASIONS, TONES
from puntual.strategies.steps import APPROVALS, ROLES, Manual, Notice


class NoticeForm(Watched):
    """A notice. Its occasion can be chosen for a new one only, among those the manual says nothing on."""

    code = forms.ChoiceField(label=gettext_lazy("Occasion"))
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=0, max_value=365, required=False)
    months = forms.IntegerField(label=gettext_lazy("Months looked back"), min_value=0, max_value=36, required=False)
    rest_days = forms.IntegerField(
        label=gettext_lazy("Not again within days"), min_value=0, max_value=1095, required=False
    )
    channel_1 = forms.ChoiceField(label=gettext_lazy("By"))
    channel_2 = forms.ChoiceField(label=gettext_lazy("Else by"), required=False)
    channel_3 = forms.ChoiceField(label=gettext_lazy("Else by"), required=False)
    tone = forms.ChoiceField(label=gettext_lazy("Tone"))
    template = forms.ChoiceField(label=gettext_lazy("Text"))
    offer = forms.ChoiceField(label=gettext_lazy("Benefit"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Speaks to"))
    approval = forms.ChoiceField(label=gettext_lazy("Approval"))

    def __init__(
        self, manual: Manual, notice: Notice, *arguments: Any, templates: Sequence[str] = (), **options: Any
    ) -> None:
        self.origin = notice
        initial = {name: getattr(notice, name) for name in self.base_fields if hasattr(notice, name)}
        for place, channel in enumerate(notice.channels[:3], 1):
            initial[f"channel_{place}"] = channel
        super().__init__(*arguments, **{**options, "initial": initial})
        taken = {one.code for one in manual.notices}
        free = [code for code in OCCASIONS if code == notice.code or not (notice.code or code in taken)]
        self._offer("code", [(code, notice_wording.called(code)) for code in free])
        channels = [(channel, str(_(words.CHANNELS[channel]))) for channel in CHANNELS]
        self._offer("channel_1", channels)
        self._offer("channel_2", [("", "—"), *channels])
        self._offer("channel_3", [("", "—"), *channels])
        self._offer("tone", [(tone, words.tone(tone)) for tone in TONES])
        known = dict.fromkeys([*templates, notice.template] if notice.template else templates)
        self._offer("template", [(name, name) for name in known])
        self._offer("offer", [("", _("none")), *((offer.code, offer.name) for offer in manual.offers)])
        self._offer("role", [(role, _(wording.PERSON_ROLES[role])) for role in ROLES])
        self._offer("approval", [(one, _(wording.APPROVALS[one])) for one in APPROVALS[::-1]])
        for name in ("months", "rest_days", "offer"):
            having = [code for code, occasion in OCCASIONS.items() if getattr(occasion, name)]
            self.fields[name].widget.attrs["data-kinds"] = " ".join(having)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def notice(self) -> Notice:
        """The notice as it is now to be."""
        given = self.cleaned_data
        channels = [given[f"channel_{place}"] for place in (1, 2, 3) if given[f"channel_{place}"]]
        kept = {name: given[name] for name in ("code", "tone", "template", "role", "approval")}
        occasion = OCCASIONS[given["code"]]
        numbers: dict[str, Any] = {"days": given["days"] or 0}
        numbers |= {name: given[name] or 0 if getattr(occasion, name) else 0 for name in ("months", "rest_days")}
        offer = given["offer"] if occasion.offer else ""
        return replace(self.origin, **kept, **numbers, offer=offer, channels=tuple(dict.fromkeys(channels)))

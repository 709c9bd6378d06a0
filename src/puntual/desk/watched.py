"""Two people editing the same thing: whoever sends second sees what the first changed, and loses nothing that was typed.

A watched form carries what its values were when it was opened. Where one of them is another by the time the form is sent,
and not what is being sent, nothing is written: the form comes back as typed, with the other value beside the field. Sent once
more, it is meant.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

SEEN = "seen"
"""The name of the field that carries them."""


class Watched(forms.Form):
    """A form that changes something which is there already: its `initial` is what is there now."""

    @property
    def seen(self) -> str:
        """What is there now, for the form to carry; nothing where it makes something new."""
        return json.dumps(self._as_sent(self.initial)) if self.initial else ""

    def overtaken(self) -> bool:
        """Whether somebody changed meanwhile what is being sent; the fields then say what it is now. Asked of a valid form."""
        return self._overtaken(self._carried(), self.initial)

    def _carried(self) -> Any:
        """What the form carried, as it came."""
        try:
            return json.loads(self.data.get(SEEN, "{}"))
        except ValueError:
            return {}

    def _as_sent(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {name: self._said(name, values[name]) for name in self.fields if name in values}

    def _overtaken(self, seen: Any, there: Mapping[str, Any]) -> bool:
        if not isinstance(seen, dict):
            return False
        found = False
        for name, before in seen.items():
            if name not in self.fields or name not in there:
                continue
            now = self._said(name, there[name])
            sent = (self._said(name, self.cleaned_data.get(name)), self._said(name, self[name].data))
            if now != before and now not in sent:
                text = _("Meanwhile somebody changed this to «{value}». Sent again, what you typed counts.")
                self.add_error(name, text.format(value=self._shown(name, there[name])))
                found = True
        return found

    def _said(self, name: str, value: Any) -> str:
        """A value as the form would send it."""
        prepared = self.fields[name].prepare_value(value)
        if isinstance(prepared, list | tuple | set | frozenset):
            return "\n".join(sorted(str(one) for one in prepared))
        return "" if prepared is None else str(prepared).replace("\r\n", "\n").strip()

    def _shown(self, name: str, value: Any) -> str:
        """A value as a person reads it: choices by their labels."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        labels = {
            str(key): str(label) for key, label in getattr(field, "choices", ()) if not isinstance(label, list | tuple)
        }
        said = self._said(name, value).split("\n")
        return ", ".join(labels.get(one, one) for one in said) or _("nothing")


class WatchedOneOf(Watched):
    """A form that sets one of several values of a kind, chosen in the form itself: a currency's tolerance, a country's period.

    `there` has the values of each that is set, by what was chosen in the fields `chosen_by` (joined by a slash where they are
    several). The form carries all of them, and is held to the one that is sent.
    """

    chosen_by: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, there: Mapping[str, Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = there

    @property
    def seen(self) -> str:
        """What each of them is now."""
        return json.dumps({key: self._as_sent(values) for key, values in self.there.items()})

    def overtaken(self) -> bool:
        """Whether somebody changed meanwhile the one that is being sent."""
        chosen = "/".join(str(self.cleaned_data.get(name, "")) for name in self.chosen_by)
        carried = self._carried()
        before = carried.get(chosen, {}) if isinstance(carried, dict) and SEEN in self.data else None
        now = self.there.get(chosen, {})
        if not isinstance(before, dict):
            return False
        names = {*before, *now}
        return self._overtaken(dict.fromkeys(names, "") | before, dict.fromkeys(names) | dict(now))


def overtaken(form: forms.Form) -> bool:
    """Whether a valid form, if it is a watched one, was overtaken by somebody else's change."""
    return isinstance(form, Watched) and form.overtaken()

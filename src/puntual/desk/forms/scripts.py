"""The form in which an organization writes its own words for negotiating."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.desk.watched import Watched
from puntual.strategies.negotiation import Objection, Question, Script
from puntual.strategies.proofreading import Fault
from puntual.strategies.scripts.checking import LONGEST, MOST, NOT_BOTH, TOO_LONG, PartFault

SPARE = 2
"""Empty places for further objections."""
_LINES = gettext_lazy("One sentence a line.")


def _lines(label: Any, help_text: Any = _LINES, *, required: bool = True, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST * LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ScriptForm(Watched):
    """A situation's words. `begun` is what one goes on writing from; objections have a place each, and some spare ones."""

    goal = forms.CharField(
        label=gettext_lazy("What is to be reached"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 1})
    )
    opening = _lines(gettext_lazy("To open"))
    questions = _lines(gettext_lazy("To ask"))
    why = _lines(
        gettext_lazy("To ask for the reason"),
        gettext_lazy("Left out by itself where the law does not allow asking why it was not paid."),
        required=False,
        rows=2,
    )
    steps = _lines(gettext_lazy("How to go on"))
    notes = _lines(gettext_lazy("To write down"))

    def __init__(self, begun: Script, data: QueryDict | None = None) -> None:
        self.begun = begun
        initial = {
            "goal": begun.goal,
            "opening": "\n".join(begun.opening),
            "questions": "\n".join(one.text for one in begun.questions if not one.why),
            "why": "\n".join(one.text for one in begun.questions if one.why),
            "steps": "\n".join(begun.steps),
            "notes": "\n".join(begun.notes),
        }
        for number, one in enumerate(begun.objections):
            initial |= {f"says_{number}": one.says, f"answer_{number}": one.answer}
        super().__init__(data, initial=initial)
        sent = sum(name.startswith("says_") for name in data) if data else 0
        self.places = min(MOST, max(len(begun.objections) + SPARE, sent))
        for number in range(self.places):
            self.fields[f"says_{number}"] = forms.CharField(
                label=_("They say"), max_length=LONGEST, required=False, widget=forms.TextInput
            )
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("You answer"),
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """What the action would refuse of a part, beside that part."""
        given = super().clean() or {}
        for name in ("opening", "questions", "why", "steps", "notes"):
            lines = given.get(name, "").splitlines()
            if len(lines) > MOST or max(map(len, lines), default=0) > LONGEST:
                self.add_error(name, _(TOO_LONG).format(most=MOST, longest=LONGEST))
        for number in range(self.places):
            says, answer = given.get(f"says_{number}"), given.get(f"answer_{number}")
            # Where one of the two is refused already, that is what is to be mended.
            if None not in (says, answer) and bool(says) != bool(answer):
                self.add_error(f"answer_{number}" if says else f"says_{number}", _(NOT_BOTH))
        return given

    @property
    def objections(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The places for objections, each with its answer."""
        return [(self[f"says_{number}"], self[f"answer_{number}"]) for number in range(self.places)]

    def script(self) -> Script:
        """What was typed, as it stands."""
        given = self.cleaned_data
        questions = [Question(text) for text in given["questions"].splitlines()]
        questions += [Question(text, why=True) for text in given["why"].splitlines()]
        return Script(
            code=self.begun.code,
            goal=given["goal"],
            opening=tuple(given["opening"].splitlines()),
            questions=tuple(questions),
            objections=tuple(
                Objection(given[f"says_{number}"], given[f"answer_{number}"]) for number in range(self.places)
            ),
            steps=tuple(given["steps"].splitlines()),
            notes=tuple(given["notes"].splitlines()),
        )

    def mark(self, wrong: tuple[PartFault, ...]) -> None:
        """Say beside each field what must not be said in it."""
        for one in wrong:
            self.add_error(f"answer_{one.number}" if one.part == "objections" else one.part, _said(one.fault))


def _said(fault: Fault) -> str:
    instead = _(fault.instead).format(**fault.details) if fault.instead else ""
    return f"{_(fault.what).format(**fault.details)} {instead}".strip()

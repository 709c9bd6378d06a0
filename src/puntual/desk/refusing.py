"""Where a form says what an action refused: beside the field it is about, as the form's own refusals stand."""

from django import forms

from puntual.desk.formats import sentence
from puntual.kernel.problems import Problem


def refuse(form: forms.Form, problem: Problem, beside: str | None = None) -> None:
    """Tell a valid form why what it gave was refused: `beside` a field, else beside the one the problem is about or the
    only one there is, else above the form."""
    shown = [field.name for field in form.visible_fields()]
    named = beside or problem.about(form.cleaned_data) or (shown[0] if len(shown) == 1 else None)
    form.add_error(named if named in shown else None, sentence(problem))
